using System.Text;
using Debyard.Debian;

namespace Debyard.Repository;

/// <summary>
/// The branch's <c>.branch</c> file: what its apt files do not say. Where a package is not in <see cref="Inherited"/>, or other
/// bytes than it are listed, it is the branch's own: so the list need not change while the branch lives, and without it nothing is
/// replaced. <c>Ref</c> is the full ref, and absent as long as only the folder's name was ever said; <c>Owners</c> are
/// the projects that said they write here.
/// </summary>
sealed record BranchRecord(string? Ref, BranchName? Parent, IReadOnlySet<(Place Place, string Sha256)> Inherited)
{
    public IReadOnlyList<Project> Owners { get; init; } = [];

    public static BranchRecord Of(string? gitRef, BranchName? parent, BranchContents contents) => new(gitRef, parent,
        contents.Places.SelectMany(place => contents.In(place)
            .Where(listed => listed.Provenance == Provenance.Inherited)
            .Select(listed => (place, listed.Package.Digests.Sha256))).ToHashSet());

    /// <exception cref="DebianFormatException">The file is damaged.</exception>
    public static BranchRecord Read(BranchFolder folder)
    {
        if (!File.Exists(folder.Record))
            return new(null, null, new HashSet<(Place, string)>());
        var stanza = Stanza.Parse(File.ReadAllText(folder.Record));
        return new BranchRecord(stanza["Ref"], BranchName.TryParse(stanza["Parent"], out var parent) ? parent : null,
            (stanza["Inherited"] ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Line).ToHashSet())
        {
            Owners = [.. (stanza["Owners"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(path => Project.TryParse(path, out var owner) ? owner : throw new DebianFormatException($"'{path}' is no project's path."))],
        };

        static (Place, string) Line(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var suite, var component, var sha256]
            ? (new Place(Suite.Parse(suite), Component.Parse(component)), sha256)
            : throw new DebianFormatException($"'{line.Trim()}' is not a suite, a component and a SHA-256.");
    }

    public Provenance Of(Place place, Package package) =>
        Inherited.Contains((place, package.Digests.Sha256)) ? Provenance.Inherited : Provenance.Own;

    /// <summary>The record after a write: a ref or an owner once known stays.</summary>
    public BranchRecord After(Writer writer) => this with
    {
        Ref = Ref ?? writer.Ref,
        Owners = writer.Project is { } project && !Owners.Contains(project) ? [.. Owners.Append(project).OrderBy(owner => owner.Path, StringComparer.Ordinal)] : Owners,
    };

    public void Write(RepositoryLayout layout, BranchFolder folder)
    {
        var lines = new StringBuilder();
        foreach (var (place, sha256) in Inherited.OrderBy(one => one.Place, Place.Order).ThenBy(one => one.Sha256, StringComparer.Ordinal))
            lines.Append('\n').Append(' ').Append(place.Suite).Append(' ').Append(place.Component).Append(' ').Append(sha256);
        var fields = new List<Field>();
        if (Ref is not null)
            fields.Add(new Field("Ref", Ref));
        if (Parent is { } parent)
            fields.Add(new Field("Parent", parent.Value));
        if (Owners.Count > 0)
            fields.Add(new Field("Owners", string.Join(' ', Owners)));
        fields.Add(new Field("Inherited", lines.ToString()));
        Directory.CreateDirectory(folder.Root);
        layout.Replace(folder.Record, new Stanza(fields).ToString());
    }
}
