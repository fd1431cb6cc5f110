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
    public void GitLabApiClient_stops_at_one_folder() =>
        Assert.True(Naming("GitLabApiClient").Count <= 1, string.Join(", ", Naming("GitLabApiClient")));

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
    public void No_source_file_is_longer_than_400_lines() =>
        Assert.DoesNotContain(
            Checkout.Of([""], ".cs", ".lua", ".sh", ".ps1", ".csproj", ".props", ".targets"),
            file => File.ReadLines(Path.Combine(Checkout.Root, file)).Count() > 400
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
