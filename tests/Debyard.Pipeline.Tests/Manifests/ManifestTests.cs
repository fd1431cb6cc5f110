using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Tests.Manifests;

public class ManifestTests
{
    [Fact]
    public void A_whole_manifest_is_read()
    {
        using var workspace = new Workspace();
        var manifest = workspace.Read();

        Assert.Equal("player", manifest.Product);
        Assert.Equal(new RepositorySettings(null, "main", "stable", "main"), manifest.Repository);
        Assert.Equal(
            ["amd64 Native", "arm64 Cross"],
            manifest.Architectures.Select(architecture => $"{architecture.Name} {architecture.Strategy}")
        );
        Assert.Equal(["player-zip"], manifest.Dependencies[0].Needs);
        Assert.Equal("all", manifest.Packages.Single().Architecture.ToString());
        Assert.Equal(["hello"], Assert.IsType<HttpCheck>(manifest.Validation!.Scenarios.Single().Checks.Single()).Text.Contains);
    }

    [Theory]
    [InlineData("product: player", "prodct: player", "debyard.yml:1:1: the manifest has no key 'prodct'; did you mean 'product'?")]
    [InlineData("strategy: native", "strategy: nativ", "debyard.yml:3:22: there is no strategy 'nativ'; did you mean 'native'?")]
    [InlineData(
        "needs: [player-zip]",
        "needs: [player-zap]",
        "debyard.yml:11:59: there is no dependency 'player-zap'; did you mean 'player-zip'?"
    )]
    [InlineData("context: zip }", "context: zap }", "debyard.yml:12:42: there is no zap/Dockerfile")]
    [InlineData("context: zip }", "context: ../zip }", "debyard.yml:12:42: ../zip is outside the manifest's folder")]
    [InlineData(
        "version: 1.3-1",
        "version: v1.3",
        "debyard.yml:12:26: 'v1.3' is not a Debian version: use [epoch:]upstream[-revision], where upstream begins with a digit "
            + "(Debian Policy 5.6.12)"
    )]
    [InlineData("version: 1.3-1, ", "", "debyard.yml:12:15: 'player-zip' lacks 'version'")]
    [InlineData(
        "context: zip }",
        "context: zip, needs: [player-codec] }",
        "debyard.yml:12:55: circular dependency: player-codec -> player-zip -> player-codec"
    )]
    [InlineData(
        "toolchain: gcc-amd64",
        "toolchain: gcc-amd46",
        "debyard.yml:3:68: there is no toolchain 'gcc-amd46'; did you mean 'gcc-amd64'?"
    )]
    [InlineData(
        "strategy: cross",
        "strategy: supplied",
        "debyard.yml:4:71: strategy 'supplied' needs a toolchain with 'image', and 'gcc-arm64' has none"
    )]
    [InlineData(
        "{ context: gcc, base: bookworm, args: { PACKAGES: gcc } }",
        "{ image: a b }",
        "debyard.yml:8:23: 'a b' is neither an image reference nor an environment variable such as ${E2K_TOOLCHAIN}"
    )]
    [InlineData(
        "{ context: gcc, base: bookworm, args: { PACKAGES: gcc } }",
        "{ image: a, base: bookworm }",
        "debyard.yml:8:26: 'gcc-amd64' has no key 'base'; valid: image"
    )]
    [InlineData("install: [player]", "install: [palyer]", "debyard.yml:17:13: there is no package 'palyer'; did you mean 'player'?")]
    [InlineData("get: /,", "get: here,", "debyard.yml:19:95: 'here' must begin with '/'")]
    [InlineData("player/player.conf", "player/missing.conf", "debyard.yml:19:41: there is no file player/missing.conf")]
    [InlineData(
        "  player-zip:",
        "  Player_Zip:",
        "debyard.yml:12:3: 'Player_Zip' is not a valid package name: use at least two of a-z, 0-9, '+', '-', '.', "
            + "and begin with a letter or digit (Debian Policy 5.6.7)"
    )]
    [InlineData("start: player", "start: player, port: 70000", "debyard.yml:19:84: 'port' must be a number from 1 to 65535")]
    public void A_mistake_is_named_with_its_place_and_the_nearest_right_word(string right, string wrong, string message)
    {
        using var workspace = new Workspace(Workspace.Manifest.Replace(right, wrong, StringComparison.Ordinal));

        var exception = Assert.Throws<ManifestException>(() =>
            ManifestReader.Parse(File.ReadAllText(workspace.ManifestFile), workspace.ManifestFile, "debyard.yml")
        );

        Assert.Contains(message, exception.Message.Split('\n'));
    }

    [Fact]
    public void All_mistakes_are_shown_at_once_in_the_order_of_the_file()
    {
        using var workspace = new Workspace(
            Workspace
                .Manifest.Replace("strategy: native", "strategy: nativ", StringComparison.Ordinal)
                .Replace("version: 0.9", "version: x", StringComparison.Ordinal)
        );

        var exception = Assert.Throws<ManifestException>(workspace.Read);

        Assert.Equal([3, 14], exception.Mistakes.Select(mistake => mistake.Line));
    }

    [Theory]
    [InlineData("product: [", 2)]
    [InlineData("product: player\n\tbases: x", 1)]
    [InlineData("", 1)]
    [InlineData("- a list", 1)]
    public void What_is_not_a_manifest_at_all_is_refused_with_a_place(string yaml, int line)
    {
        var exception = Assert.Throws<ManifestException>(() => ManifestReader.Parse(yaml, "/nowhere/debyard.yml", "debyard.yml"));

        Assert.Equal(line, exception.Mistakes[0].Line);
    }

    [Theory]
    [MemberData(nameof(Strays))]
    public void A_stray_character_anywhere_is_a_mistake_with_a_place_or_none_at_all(char stray)
    {
        using var workspace = new Workspace();
        for (var at = 0; at <= Workspace.Manifest.Length; at += 3)
        {
            try
            {
                ManifestReader.Parse(Workspace.Manifest.Insert(at, stray.ToString()), workspace.ManifestFile, "debyard.yml");
            }
            catch (ManifestException exception)
            {
                Assert.All(exception.Mistakes, mistake => Assert.True(mistake is { Line: > 0, Column: > 0 }, $"{at}: {mistake}"));
            }
            catch (Exception exception) when (exception is not PipelineException)
            {
                Assert.Fail($"{exception.GetType().Name} for:\n{Workspace.Manifest.Insert(at, stray.ToString())}\n{exception}");
            }
        }
    }

    public static TheoryData<char> Strays => [.. "[]{}:,\"'|>&*!%@`?#-~\t\n\0"];

    [Fact]
    public void A_context_that_a_link_takes_out_of_the_manifest_s_folder_is_a_mistake_with_its_place()
    {
        using var workspace = new Workspace();
        using var elsewhere = new TemporaryFolder();
        elsewhere.Write("zip/Dockerfile", "FROM scratch\n");
        Directory.CreateSymbolicLink(Path.Combine(workspace.Path, "vendor"), elsewhere.Path);
        workspace.Write("debyard.yml", Workspace.Manifest.Replace("context: zip }", "context: vendor/zip }", StringComparison.Ordinal));

        var exception = Assert.ThrowsAny<PipelineException>(() => workspace.Read());

        Assert.Contains(
            $"debyard.yml:12:42: vendor/zip is a link to {elsewhere["zip"]}, outside the manifest's folder: "
                + "copy it into that folder, so that git tracks it",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_link_within_the_manifest_s_folder_is_none()
    {
        using var workspace = new Workspace();
        Directory.CreateSymbolicLink(Path.Combine(workspace.Path, "vendor"), "zip");
        workspace.Write("debyard.yml", Workspace.Manifest.Replace("context: zip }", "context: vendor }", StringComparison.Ordinal));

        Assert.Equal("vendor", workspace.Read().Dependencies.Single(dependency => dependency.Name == "player-zip").Context);
    }

    [Fact]
    public void A_missing_manifest_says_what_to_do()
    {
        var exception = Assert.Throws<PipelineException>(() => ManifestReader.Read("nowhere.yml"));

        Assert.Equal(
            "There is no manifest nowhere.yml: write one (docs/manifest.md), or set its path with --manifest.",
            exception.ToString()
        );
    }
}
