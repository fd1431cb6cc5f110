using System.Globalization;
using System.Text;
using Debyard.Debian.Control;
using Debyard.Debian.Digests;
using Debyard.Debian.Names;

namespace Debyard.Debian.Indexes;

/// <summary>Writes the <c>Packages</c> file of a repository: a stanza and a blank line for each package.</summary>
public static class PackagesIndex
{
    // apt-pkg/tagfile-order.c: the order and the case in which apt-ftparchive writes field names.
    static readonly string[] fieldNames =
    [
        "Package",
        "Package-Type",
        "Architecture",
        "Subarchitecture",
        "Version",
        "Kernel-Version",
        "Built-Using",
        "Static-Built-Using",
        "Built-For-Profiles",
        "Auto-Built-Package",
        "Multi-Arch",
        "Priority",
        "Build-Essential",
        "Protected",
        "Important",
        "Essential",
        "Installer-Menu-Item",
        "Section",
        "Source",
        "Origin",
        "Phased-Update-Percentage",
        "Maintainer",
        "Original-Maintainer",
        "Bugs",
        "Installed-Size",
        "Provides",
        "Pre-Depends",
        "Depends",
        "Recommends",
        "Suggests",
        "Conflicts",
        "Breaks",
        "Replaces",
        "Enhances",
        "Filename",
        "Size",
        "MD5sum",
        "SHA1",
        "SHA256",
        "Homepage",
        "Description",
        "Description-md5",
        "Tag",
        "Task",
    ];

    static readonly IReadOnlyDictionary<string, int> ranks = fieldNames
        .Index()
        .ToDictionary(name => name.Item, name => name.Index, StringComparer.OrdinalIgnoreCase);

    // Fields that dpkg writes about installed packages, and digests that are not computed here: a package must not supply them.
    static readonly HashSet<string> excludedFields = new(StringComparer.OrdinalIgnoreCase)
    {
        "Status",
        "Config-Version",
        "Conffiles",
        "Triggers-Awaited",
        "Triggers-Pending",
        "MSDOS-Filename",
        "SHA512",
    };

    /// <summary>
    /// Sorts entries as an index lists them: by package name, then version (dpkg's order), then architecture, then <c>Filename</c>.
    /// </summary>
    /// <param name="entries">Entries in any representation.</param>
    /// <param name="key">Called once for each entry.</param>
    public static IEnumerable<T> InOrder<T>(
        IEnumerable<T> entries,
        Func<T, (PackageName Name, DebianVersion Version, Architecture Architecture, string Filename)> key
    ) =>
        entries
            .Select(entry => (Entry: entry, Key: key(entry)))
            .OrderBy(keyed => keyed.Key.Name)
            .ThenBy(keyed => keyed.Key.Version)
            .ThenBy(keyed => keyed.Key.Architecture)
            .ThenBy(keyed => keyed.Key.Filename, StringComparer.Ordinal)
            .Select(keyed => keyed.Entry);

    /// <summary>
    /// Returns a package's stanza: its control data, the path of the file, its size and its digests. Field names are in their canonical
    /// case; empty fields are left out, because apt 2.6 fails to parse a whole index that contains an empty <c>Provides</c>.
    /// </summary>
    /// <param name="control">The control data from the package.</param>
    /// <param name="path">The file's path relative to the repository's root, separated by <c>/</c>.</param>
    /// <param name="digests">The file's size and digests.</param>
    /// <exception cref="DebianFormatException">Package, Version or Architecture is missing or invalid.</exception>
    public static Stanza Entry(Stanza control, string path, FileDigests digests)
    {
        _ = DebFileName.For(control);
        var fields = control
            .Where(field => field.Value.Length > 0 && !excludedFields.Contains(field.Name))
            .Select(field => field with { Name = CanonicalName(field.Name) });
        return Stanza
            .OfWellFormed([.. fields])
            .With("Filename", path)
            .With("Size", digests.Size.ToString(CultureInfo.InvariantCulture))
            .With("MD5sum", digests.Md5)
            .With("SHA1", digests.Sha1)
            .With("SHA256", digests.Sha256.ToString())
            .InOrder(ranks);
    }

    /// <summary>
    /// Writes the stanzas in the order of <see cref="InOrder"/>, so the same packages give the same bytes. UTF-8; the stream stays open.
    /// </summary>
    public static void Write(IEnumerable<Stanza> entries, Stream output)
    {
        using var writer = new StreamWriter(
            output,
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            bufferSize: 64 * 1024,
            leaveOpen: true
        );
        Write(entries, writer);
    }

    /// <inheritdoc cref="Write(IEnumerable{Stanza}, Stream)"/>
    public static void Write(IEnumerable<Stanza> entries, TextWriter output)
    {
        foreach (var entry in InOrder(entries, KeyOf))
            output.Write(Render(entry));
    }

    /// <summary>Renders a stanza with the blank line that ends it. An index is the concatenation of these.</summary>
    public static string Render(Stanza entry) => entry + "\n";

    // Dpkg::Control::FieldsCore, field_capitalize, which dpkg-scanpackages uses: known names as in their list, every other name in lower
    // case with a capital at its start and after each hyphen.
    static string CanonicalName(string name) =>
        ranks.TryGetValue(name, out var rank) ? fieldNames[rank] : string.Join('-', name.ToLowerInvariant().Split('-').Select(Capitalise));

    static string Capitalise(string word) => word.Length > 0 ? char.ToUpperInvariant(word[0]) + word[1..] : word;

    static (PackageName, DebianVersion, Architecture, string) KeyOf(Stanza entry) =>
        (
            PackageName.Parse(entry.Required("Package")),
            DebianVersion.Parse(entry.Required("Version")),
            Architecture.Parse(entry.Required("Architecture")),
            entry.Required("Filename")
        );
}
