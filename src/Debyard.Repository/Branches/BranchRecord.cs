using System.Collections.Immutable;
using Debyard.Debian;
using Debyard.Debian.Control;
using Debyard.Debian.Names;
using Debyard.Repository.Configuration;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>
/// The branch's <c>.branch</c> file, which holds what its apt files do not: the full ref, absent until a writer names one; the owner
/// projects; the inherited packages; and the names withdrawn from a protected branch. A package that is not in <see cref="Inherited"/>
/// is the branch's own, so a lost record never allows a package to be replaced.
/// </summary>
sealed record BranchRecord(string? Ref, BranchName? Parent, IReadOnlySet<(SuiteComponent SuiteComponent, Sha256 Sha256)> Inherited)
{
    public static BranchRecord Empty { get; } = new(null, null, new HashSet<(SuiteComponent, Sha256)>());

    public IReadOnlyList<Project> Owners { get; init; } = [];

    /// <summary>Packages unlisted from a protected branch: their names keep meaning these bytes.</summary>
    public ImmutableDictionary<(SuiteComponent SuiteComponent, DebFileName File), Sha256> Withdrawn { get; init; } =
        ImmutableDictionary<(SuiteComponent, DebFileName), Sha256>.Empty;

    /// <exception cref="DebianFormatException">The file is damaged.</exception>
    public static BranchRecord Read(BranchFolder folder)
    {
        if (!File.Exists(folder.Record))
            return Empty;
        return Parse(File.ReadAllText(folder.Record));
    }

    /// <summary>Reads all fields except the long list of inherited packages.</summary>
    /// <exception cref="DebianFormatException">The file is damaged.</exception>
    public static BranchRecord ReadHead(BranchFolder folder) =>
        !File.Exists(folder.Record)
            ? Empty
            : Parse(
                string.Join('\n', File.ReadLines(folder.Record).TakeWhile(line => !line.StartsWith("Inherited:", StringComparison.Ordinal)))
            );

    public BranchIdentity Identify(BranchName name, BranchRules rules, bool exists) => new(name, Ref ?? rules.RefOf(name), Owners, exists);

    public Ownership OwnershipOf(SuiteComponent suiteComponent, Package package) =>
        Inherited.Contains((suiteComponent, package.Digests.Sha256)) ? Ownership.Inherited : Ownership.Own;

    /// <summary>Sets the ref to the writer's, unless it is set already, and adds the writer's project to the owners.</summary>
    public BranchRecord WithWriter(WriterIdentity writer) =>
        this with
        {
            Ref = Ref ?? writer.Ref,
            Owners =
                writer.Project is { } project && !Owners.Contains(project)
                    ? [.. Owners.Append(project).OrderBy(owner => owner.Path, StringComparer.Ordinal)]
                    : Owners,
        };

    /// <summary>Adds packages that are inherited from the parent.</summary>
    public BranchRecord WithInherited(IEnumerable<PlacedPackage> packages) =>
        this with
        {
            Inherited = Inherited.Concat(packages.Select(entry => (entry.SuiteComponent, entry.Package.Digests.Sha256))).ToHashSet(),
        };

    /// <summary>Marks the package as the branch's own, even if it was inherited before.</summary>
    public BranchRecord WithOwn(SuiteComponent suiteComponent, Package package) =>
        this with
        {
            Inherited =
                OwnershipOf(suiteComponent, package) == Ownership.Own
                    ? Inherited
                    : Inherited.Where(entry => entry != (suiteComponent, package.Digests.Sha256)).ToHashSet(),
            Withdrawn = Withdrawn.Remove((suiteComponent, package.FileName)),
        };

    public BranchRecord WithWithdrawn(SuiteComponent suiteComponent, Package package) =>
        this with
        {
            Withdrawn = Withdrawn.SetItem((suiteComponent, package.FileName), package.Digests.Sha256),
        };

    /// <summary>True if the name was withdrawn here and means other bytes.</summary>
    public bool HadOtherContent(SuiteComponent suiteComponent, DebFileName file, Sha256? sha256) =>
        sha256 is not null && Withdrawn.TryGetValue((suiteComponent, file), out var withdrawn) && withdrawn != sha256;

    public void Write(RepositoryLayout layout, BranchFolder folder)
    {
        var fields = new List<Field>();
        if (Ref is not null)
            fields.Add(new Field("Ref", Ref));
        if (Parent is { } parent)
            fields.Add(new Field("Parent", parent.Value));
        if (Owners.Count > 0)
            fields.Add(new Field("Owners", string.Join(' ', Owners)));
        if (Withdrawn.Count > 0)
            fields.Add(
                new Field(
                    "Withdrawn",
                    Lines(
                        Withdrawn.Select(entry =>
                            $"{entry.Key.SuiteComponent.Suite} {entry.Key.SuiteComponent.Component} {entry.Value} {entry.Key.File}"
                        )
                    )
                )
            );
        // Last because it is long: ReadHead stops here.
        fields.Add(
            new Field(
                "Inherited",
                Lines(Inherited.Select(entry => $"{entry.SuiteComponent.Suite} {entry.SuiteComponent.Component} {entry.Sha256}"))
            )
        );
        Directory.CreateDirectory(folder.Root);
        layout.Replace(folder.Record, new Stanza(fields).ToString());
    }

    static string Lines(IEnumerable<string> lines) => string.Concat(lines.Order(StringComparer.Ordinal).Select(line => $"\n {line}"));

    static BranchRecord Parse(string text)
    {
        if (text.Length == 0)
            return Empty;
        var stanza = Stanza.Parse(text);
        return new BranchRecord(
            stanza["Ref"],
            BranchName.TryParse(stanza["Parent"], out var parent) ? parent : null,
            Lines("Inherited", 3).Select(line => (line.SuiteComponent, line.Sha256)).ToHashSet()
        )
        {
            Owners =
            [
                .. (stanza["Owners"] ?? "")
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(path =>
                        Project.TryParse(path, out var owner) ? owner : throw new DebianFormatException($"'{path}' is not a project path.")
                    ),
            ],
            Withdrawn = Lines("Withdrawn", 4)
                .ToImmutableDictionary(line => (line.SuiteComponent, DebFileName.Parse(line.File!)), line => line.Sha256),
        };

        IEnumerable<(SuiteComponent SuiteComponent, Sha256 Sha256, string? File)> Lines(string field, int words) =>
            (stanza[field] ?? "")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line =>
                    line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is var parts && parts.Length == words
                        ? (
                            new SuiteComponent(Suite.Parse(parts[0]), Component.Parse(parts[1])),
                            Sha256.Parse(parts[2]),
                            parts.ElementAtOrDefault(3)
                        )
                        : throw new DebianFormatException($"'{line.Trim()}' is not a valid line of {field}.")
                );
    }
}
