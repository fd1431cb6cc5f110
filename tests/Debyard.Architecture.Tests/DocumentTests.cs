using System.Text.RegularExpressions;

namespace Debyard.Architecture.Tests;

/// <summary>Documents lead somewhere, and what names a document finds it.</summary>
public partial class DocumentTests
{
    static readonly IReadOnlyList<string> documents = [.. Checkout.Of([""], ".md")];

    [Fact]
    public void Relative_links_resolve() =>
        Assert.Empty(
            from document in documents
            from Match link in Link.Matches(WithoutCode(Checkout.Read(document)))
            let target = link.Groups[1].Value.Length == 0
                ? document
                : Path.GetRelativePath(
                    Checkout.Root,
                    Path.GetFullPath(Path.Combine(Checkout.Root, Path.GetDirectoryName(document)!, link.Groups[1].Value))
                )
            let anchor = link.Groups[2].Value
            where !Checkout.Has(target) || anchor.Length > 1 && !Anchors(target).Contains(anchor[1..])
            select $"{document}: {link.Value}"
        );

    [Fact]
    public void Documents_named_in_sources_exist() =>
        Assert.Empty(
            from file in Checkout.Of([""], ".cs", ".md", ".yml", ".json", ".props", ".targets", ".csproj", ".sh", ".ps1")
            where !file.StartsWith("tests/", StringComparison.Ordinal)
            from Match path in DocumentPath.Matches(Checkout.Read(file))
            where !Checkout.Has(path.Value)
            select $"{file}: {path.Value}"
        );

    [Fact]
    public void The_tree_names_every_project_and_every_folder_of_those_it_opens()
    {
        var tree = Checkout.Read("docs/architecture.md");
        string[] opened = ["src/Debyard.Repository/", "src/Debyard.Pipeline/"];

        var folders = Checkout
            .Of(["src/Debyard."], ".cs")
            .Select(file => file.Split('/'))
            .SelectMany(parts => parts.Length > 3 && opened.Contains($"src/{parts[1]}/") ? parts[1..3] : [parts[1]])
            .Distinct();

        Assert.All(folders, folder => Assert.Contains($" {folder}/ ", tree, StringComparison.Ordinal));
    }

    [Fact]
    public void Decisions_are_numbered_without_gaps_and_say_context_decision_and_consequence()
    {
        var decisions = documents.Where(document => document.StartsWith("docs/decisions/", StringComparison.Ordinal)).ToList();

        Assert.Equal(
            Enumerable.Range(1, decisions.Count).Select(number => $"{number:0000}"),
            decisions.Select(document => Path.GetFileName(document)[..4])
        );
        Assert.All(decisions, document => Assert.Equal(["Context", "Decision", "Consequence"], Headings(document).Skip(1)));
    }

    [GeneratedRegex(@"\]\((?![a-z]+:)([^)#\s]*)(#[^)\s]*)?\)")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"\bdocs/[a-z0-9/.-]+\.(?:md|json)\b")]
    private static partial Regex DocumentPath { get; }

    [GeneratedRegex(@"^```.*?^```|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code { get; }

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors { get; }

    static string WithoutCode(string text) => Code.Replace(text, "");

    static IEnumerable<string> Headings(string document) =>
        Regex
            .Replace(Checkout.Read(document), "^```.*?^```", "", RegexOptions.Multiline | RegexOptions.Singleline)
            .Split('\n')
            .Where(line => line.StartsWith('#'))
            .Select(line => line.TrimStart('#').Trim());

    // GitHub's and GitLab's rule for a heading's anchor.
    static IEnumerable<string> Anchors(string document) =>
        Headings(document).Select(heading => NotInAnchors.Replace(heading.ToLowerInvariant(), "").Replace(' ', '-'));
}
