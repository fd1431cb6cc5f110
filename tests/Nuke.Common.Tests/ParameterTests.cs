using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Debyard.Nuke.Tests;

public sealed class ParameterTests : IDisposable
{
    static readonly JsonSerializerOptions indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly BuildProcess build = new();

    public void Dispose() => build.Dispose();

    [Fact]
    public void Without_a_value_a_member_keeps_its_own() =>
        Assert.Equal(
            """
            name=sample url=- jobs=2 limit=- taste=Plain hint=-
            architectures=amd64 tastes= output=output
            token=- quiet=False allowed=False
            """,
            Shown()
        );

    [Fact]
    public void The_command_line_knows_members_by_their_dashed_names() =>
        Assert.Equal(
            """
            name=streamer url=http://x jobs=7 limit=4 taste=Spicy hint=Plain
            architectures=arm64|armhf tastes=Plain|Spicy output=elsewhere/deep
            token=s quiet=True allowed=True
            """,
            Shown(
                "--package-name",
                "streamer",
                "--repository-url",
                "http://x",
                "--jobs",
                "7",
                "-limit",
                "4",
                "--taste",
                "spicy",
                "--hint",
                "plain",
                "--architectures",
                "arm64,armhf",
                "--tastes",
                "plain",
                "SPICY",
                "--output-folder",
                "elsewhere/deep",
                "--token",
                "s",
                "--quiet",
                "--allowed",
                "true"
            )
        );

    [Theory]
    [InlineData("RepositoryUrl")]
    [InlineData("REPOSITORY_URL")]
    [InlineData("NUKE_REPOSITORY_URL")]
    [InlineData("nuke_repositoryurl")]
    public void The_environment_knows_members_by_name_with_and_without_prefix(string variable) =>
        Assert.Contains("url=http://y ", build.With(variable, "http://y").Run("Show").Output, StringComparison.Ordinal);

    [Fact]
    public void An_empty_variable_is_no_value() =>
        Assert.Contains("url=- ", build.With("REPOSITORY_URL", "").Run("Show").Output, StringComparison.Ordinal);

    [Fact]
    public void Files_know_members_by_their_exact_names_and_paths_from_the_root()
    {
        build.WithFile(
            ".nuke/parameters.json",
            """
            {
              "$schema": "./build.schema.json", // comments are allowed
              "Jobs": 5,
              "Taste": "Spicy",
              "Architectures": ["arm64", "e2k"],
              "OutputFolder": "out",
              "Allowed": true
            }
            """
        );
        Assert.Equal(
            """
            name=sample url=- jobs=5 limit=- taste=Spicy hint=-
            architectures=arm64|e2k tastes= output=out
            token=- quiet=False allowed=True
            """,
            Shown()
        );
    }

    [Fact]
    public void Command_line_goes_before_environment_before_profiles_before_the_default_file()
    {
        build
            .WithFile(".nuke/parameters.json", """{ "Jobs": 11, "Limit": 11, "PackageName": "default", "RepositoryUrl": "default" }""")
            .WithFile(".nuke/parameters.one.json", """{ "Jobs": 12, "Limit": 12, "PackageName": "one" }""")
            .WithFile(".nuke/parameters.two.json", """{ "Jobs": 13, "Limit": 13 }""")
            .With("NUKE_JOBS", "14");
        Assert.StartsWith(
            "name=one url=default jobs=15 limit=13 ",
            Shown("--profile", "one", "two", "--jobs", "15"),
            StringComparison.Ordinal
        );
        Assert.StartsWith("name=one url=default jobs=14 limit=12 ", Shown("--profile", "one"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--jobs", "many", "Build.Jobs")]
    [InlineData("--taste", "sour", "Build.Taste")]
    public void A_value_that_does_not_fit_is_a_warning_and_the_default_stays(string option, string value, string member)
    {
        var outcome = build.Run("Show", option, value);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains(
            $"hh:mm:ss [WRN] Could not inject value for {member}\nSystem.Exception: ",
            outcome.Output,
            StringComparison.Ordinal
        );
        Assert.Contains($"Value '{value}' could not be converted to", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("jobs=2 limit=- taste=Plain", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_of_equal_options_wins() =>
        Assert.Contains("jobs=9 ", Shown("--jobs", "8", "--jobs", "9"), StringComparison.Ordinal);

    [Fact]
    public void Unknown_options_are_ignored() => Assert.Equal(0, build.Run("Show", "--colour", "red").ExitCode);

    [Fact]
    public void A_word_after_an_option_is_its_value_and_no_target() =>
        Assert.Equal(["restoring"], build.Run("Restore", "--colour", "First").Messages);

    [Theory]
    [InlineData("hello world")]
    [InlineData("hello you", "--greeting-name", "you")]
    public void An_interface_brings_targets_and_parameters(string greeting, params string[] arguments) =>
        Assert.Contains($"{greeting}\n", build.Run(["Greet", .. arguments]).Output, StringComparison.Ordinal);

    [Fact]
    public void A_missing_parameter_stops_the_run_before_its_first_target()
    {
        var outcome = build.Run("Restore", "Require");
        Assert.Equal(255, outcome.ExitCode);
        Assert.Contains("Target 'Require' requires member 'MustHave' to be not null or empty\n", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(["Require NotRun", "Restore NotRun"], outcome.Summary);
    }

    [Fact]
    public void A_required_condition_stops_the_run_too() => Assert.Equal(255, build.Run("RequireTrue", "--jobs", "1").ExitCode);

    [Fact]
    public void What_is_required_and_given_lets_the_target_run() =>
        Assert.Contains("has it\n", build.Run("Require", "--must-have", "it").Output, StringComparison.Ordinal);

    [Fact]
    public void The_schema_tells_editors_of_targets_and_parameters()
    {
        build.Run("Restore");
        var schema = JsonNode.Parse(File.ReadAllText(build[".nuke/build.schema.json"]))!;
        // How NUKE describes an enum depends on where else the build uses it.
        Assert.True(schema["definitions"]!.AsObject().Remove("Flavour"));
        foreach (var name in new[] { "Taste", "Hint", "Tastes" })
            Assert.True(schema["allOf"]![0]!["properties"]!.AsObject().Remove(name));
        Golden.Equal(schema.ToJsonString(indented) + "\n", "build.schema.json");
        Assert.Equal("{\n  \"$schema\": \"./build.schema.json\"\n}\n", File.ReadAllText(build[".nuke/parameters.json"]));
    }

    string Shown(params string[] arguments)
    {
        var lines = build.Run(["Show", .. arguments]).Output.Split('\n');
        return string.Join('\n', lines.SkipWhile(line => !line.StartsWith("name=", StringComparison.Ordinal)).Take(3));
    }
}
