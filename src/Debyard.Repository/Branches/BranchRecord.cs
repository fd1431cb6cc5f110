using System.Collections.Immutable;
using Debyard.Debian;
using Debyard.Debian.Control;
using Debyard.Debian.Names;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>
/// The branch's <c>.branch</c> file: what its apt files do not say. Where a package is not in <see cref="Inherited"/>, or other
/// bytes than it are listed, it is the branch's own: so the list need not change while the branch lives, and without it nothing is
/// replaced. <c>Ref</c> is the full ref, and absent as long as only the folder's name was ever said; <c>Owners</c> are
/// the projects that said they write here; <c>Withdrawn</c> is what a protected branch once had of its own.
/// </summary>
sealed record BranchRecord(string? Ref, BranchName? Parent, IReadOnlySet<(SuiteComponent Place, string Sha256)> Inherited)
{
    public static BranchRecord Empty { get; } = new(null, null, new HashSet<(SuiteComponent, string)>());

    public IReadOnlyList<Project> Owners { get; init; } = [];

    /// <summary>In a protected branch these names mean these bytes, also when they are no longer listed.</summary>
    public ImmutableDictionary<(SuiteComponent Place, DebFileName File), string> Withdrawn { get; init; } =
        ImmutableDictionary<(SuiteComponent, DebFileName), string>.Empty;

    /// <param name="same">The text of a digest that others have too: a branch inherits thousands.</param>
    /// <exception cref="DebianFormatException">The file is damaged.</exception>
    public static BranchRecord Read(BranchFolder folder, Func<string, string> same)
    {
        if (!File.Exists(folder.Record))
            return Empty;
        return Parse(File.ReadAllText(folder.Record), same);
    }

    /// <summary>What the file says but for what was inherited, which is nearly all of it.</summary>
    /// <exception cref="DebianFormatException">The file is damaged.</exception>
    public static BranchRecord ReadHead(BranchFolder folder) =>
        !File.Exists(folder.Record)
            ? Empty
            : Parse(
                string.Join(
                    '\n',
                    File.ReadLines(folder.Record).TakeWhile(line => !line.StartsWith("Inherited:", StringComparison.Ordinal))
                ),
                text => text
            );

    public Ownership OwnershipOf(SuiteComponent place, Package package) =>
        Inherited.Contains((place, package.Digests.Sha256)) ? Ownership.Inherited : Ownership.Own;

    /// <summary>The record after a write: a ref or an owner once known stays.</summary>
    public BranchRecord WithWriter(WriterIdentity writer) =>
        this with
        {
            Ref = Ref ?? writer.Ref,
            Owners =
                writer.Project is { } project && !Owners.Contains(project)
                    ? [.. Owners.Append(project).OrderBy(owner => owner.Path, StringComparer.Ordinal)]
                    : Owners,
        };

    /// <summary>With packages that came from the parent.</summary>
    public BranchRecord WithInherited(IEnumerable<(SuiteComponent Place, Package Package)> packages) =>
        this with
        {
            Inherited = Inherited.Concat(packages.Select(one => (one.Place, one.Package.Digests.Sha256))).ToHashSet(),
        };

    /// <summary>The package is the branch's own, even if it once came from the parent.</summary>
    public BranchRecord WithOwn(SuiteComponent place, Package package) =>
        this with
        {
            Inherited =
                OwnershipOf(place, package) == Ownership.Own
                    ? Inherited
                    : Inherited.Where(one => one != (place, package.Digests.Sha256)).ToHashSet(),
            Withdrawn = Withdrawn.Remove((place, package.FileName)),
        };

    public BranchRecord WithWithdrawn(SuiteComponent place, Package package) =>
        this with
        {
            Withdrawn = Withdrawn.SetItem((place, package.FileName), package.Digests.Sha256),
        };

    /// <summary>True where the name once meant other bytes here, and still does.</summary>
    public bool HadOtherContent(SuiteComponent place, DebFileName file, string? sha256) =>
        sha256 is not null && Withdrawn.TryGetValue((place, file), out var withdrawn) && withdrawn != sha256;

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
                    Lines(Withdrawn.Select(one => $"{one.Key.Place.Suite} {one.Key.Place.Component} {one.Value} {one.Key.File}"))
                )
            );
        // Last, for it is long: who wants only the others stops reading there.
        fields.Add(new Field("Inherited", Lines(Inherited.Select(one => $"{one.Place.Suite} {one.Place.Component} {one.Sha256}"))));
        Directory.CreateDirectory(folder.Root);
        layout.Replace(folder.Record, new Stanza(fields).ToString());
    }

    static string Lines(IEnumerable<string> lines) => string.Concat(lines.Order(StringComparer.Ordinal).Select(line => $"\n {line}"));

    static BranchRecord Parse(string text, Func<string, string> same)
    {
        if (text.Length == 0)
            return Empty;
        var stanza = Stanza.Parse(text);
        return new BranchRecord(
            stanza["Ref"],
            BranchName.TryParse(stanza["Parent"], out var parent) ? parent : null,
            Lines("Inherited", 3).Select(line => (line.Place, same(line.Sha256))).ToHashSet()
        )
        {
            Owners =
            [
                .. (stanza["Owners"] ?? "")
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(path =>
                        Project.TryParse(path, out var owner) ? owner : throw new DebianFormatException($"'{path}' is no project's path.")
                    ),
            ],
            Withdrawn = Lines("Withdrawn", 4)
                .ToImmutableDictionary(line => (line.Place, DebFileName.Parse(line.File!)), line => line.Sha256),
        };

        IEnumerable<(SuiteComponent Place, string Sha256, string? File)> Lines(string field, int words) =>
            (stanza[field] ?? "")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line =>
                    line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is var parts && parts.Length == words
                        ? (new SuiteComponent(Suite.Parse(parts[0]), Component.Parse(parts[1])), parts[2], parts.ElementAtOrDefault(3))
                        : throw new DebianFormatException($"'{line.Trim()}' is no line of {field}.")
                );
    }
}
