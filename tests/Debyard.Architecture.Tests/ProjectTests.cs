using System.Xml.Linq;

namespace Debyard.Architecture.Tests;

/// <summary>The arrows of docs/architecture.md.</summary>
public class ProjectTests
{
    static readonly string[] code = ["src/Debyard.", "build/"];

    [Fact]
    public void Arrows_between_projects_point_one_way() =>
        Assert.Equal(
            [
                "Debyard.Debian -> ",
                "Debyard.Pipeline -> Debyard.Debian, Debyard.Protocol",
                "Debyard.Protocol -> ",
                "Debyard.Repository -> Debyard.Debian",
                "Debyard.Server -> Debyard.Protocol, Debyard.Repository",
                "_build -> Debyard.Pipeline, Debyard.Server",
            ],
            Checkout
                .Of(code, ".csproj")
                .Select(project =>
                    $"{Path.GetFileNameWithoutExtension(project)} -> "
                    + $"{string.Join(", ", References(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension))}"
                )
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Nuke_stops_at_the_build()
    {
        Assert.Equal(["build/"], Naming("Nuke."));
        Assert.Equal(
            ["build/_build.csproj"],
            Checkout.Of(code, ".csproj").Where(project => References(project, "PackageReference").Contains("Nuke.Common"))
        );
    }

    [Fact]
    public void Docker_DotNet_stops_at_the_engine() => Assert.Equal(["src/Debyard.Pipeline/Engine/"], Naming("Docker.DotNet"));

    [Fact]
    public void GitLabApiClient_stops_at_the_GitLab_folders() =>
        Assert.All(Naming("GitLabApiClient"), folder => Assert.EndsWith("/GitLab/", folder, StringComparison.Ordinal));

    [Theory]
    [InlineData("Debyard.Debian")]
    [InlineData("Debyard.Protocol")]
    [InlineData("Debyard.Repository")]
    [InlineData("Debyard.Server")]
    [InlineData("Debyard.Pipeline")]
    public void Folders_of_a_project_use_each_other_in_one_direction(string project) =>
        Assert.Equal("", string.Join(" -> ", FolderGraph.Of(project).FindCycle()));

    [Fact]
    public void Namespaces_follow_folders() =>
        Assert.Empty(
            from file in Checkout.Of(["src/Debyard."], ".cs")
            let expected = Path.GetDirectoryName(file["src/".Length..])!.Replace('/', '.')
            where !Checkout.Read(file).Contains($"namespace {expected};", StringComparison.Ordinal)
            select file
        );

    [Fact]
    public void Only_one_import_knows_of_stand_ins()
    {
        // The scripts only pass the choice on and show which it is; their tests play that.
        string[] aware =
        [
            "Directory.Build.targets",
            "Directory.Packages.props",
            ".editorconfig",
            "build.sh",
            "build.ps1",
            "README.md",
            "CHANGELOG.md",
            "docs/",
            "src/standins/",
            "tests/Nuke.Common.Tests/",
            "tests/Debyard.Architecture.Tests/",
        ];
        Assert.DoesNotContain(
            Checkout.Files.Where(file => !aware.Any(known => file.StartsWith(known, StringComparison.Ordinal))),
            file =>
                Checkout.Read(file) is var text
                && (
                    text.Contains("standin", StringComparison.OrdinalIgnoreCase)
                    || text.Contains("stand-in", StringComparison.OrdinalIgnoreCase)
                )
        );
    }

    [Fact]
    public void Product_files_have_at_most_250_lines() =>
        Assert.DoesNotContain(Checkout.Of(code, ".cs"), file => File.ReadLines(Path.Combine(Checkout.Root, file)).Count() > 250);

    [Fact]
    public void Lines_have_at_most_140_columns() =>
        Assert.Empty(
            from file in Checkout.Of(["src/Debyard.", "build/", "tests/Debyard."], ".cs")
            from line in File.ReadLines(Path.Combine(Checkout.Root, file)).Index()
            where line.Item.Length > 140
            select $"{file}:{line.Index + 1}"
        );

    /// <summary>The folders with code, comments apart, that names something.</summary>
    static List<string> Naming(string name) =>
        [
            .. Checkout
                .Of(code, ".cs")
                .Where(file =>
                    Checkout
                        .Read(file)
                        .Split('\n')
                        .Any(line =>
                            !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && line.Contains(name, StringComparison.Ordinal)
                        )
                )
                .Select(file => file[..(file.LastIndexOf('/') + 1)])
                .Distinct(),
        ];

    static IEnumerable<string> References(string project, string kind) =>
        XDocument.Parse(Checkout.Read(project)).Descendants(kind).Select(reference => (string)reference.Attribute("Include")!);
}
