using System.Globalization;
using System.Text;
using Debyard.Debian.Control;
using Debyard.Debian.Digests;
using Debyard.Debian.Names;

namespace Debyard.Debian.Indexes;

/// <summary>The <c>Packages</c> file of a repository: a stanza and a blank line for each package.</summary>
public static class PackagesIndex
{
    // apt-pkg/tagfile-order.c, the order of apt-ftparchive.
    static readonly IReadOnlyDictionary<string, int> ranks = new[]
    {
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
    }
        .Index()
        .ToDictionary(name => name.Item, name => name.Index, StringComparer.OrdinalIgnoreCase);

    // What dpkg keeps about an installed package, and digests nobody here computed: a package must not bring them along.
    static readonly string[] notForIndex =
    [
        "Status",
        "Config-Version",
        "Conffiles",
        "Triggers-Awaited",
        "Triggers-Pending",
        "MSDOS-Filename",
        "SHA512",
    ];

    /// <summary>Puts entries into an index' order: package, then version by dpkg's rule, then architecture, then <c>Filename</c>.</summary>
    /// <param name="entries">In whatever form they are at hand.</param>
    /// <param name="key">Asked once for each.</param>
    public static IEnumerable<T> InOrder<T>(
        IEnumerable<T> entries,
        Func<T, (PackageName Name, DebianVersion Version, Architecture Architecture, string Filename)> key
    ) =>
        entries
            .Select(entry => (Entry: entry, Key: key(entry)))
            .OrderBy(one => one.Key.Name)
            .ThenBy(one => one.Key.Version)
            .ThenBy(one => one.Key.Architecture)
            .ThenBy(one => one.Key.Filename, StringComparer.Ordinal)
            .Select(one => one.Entry);

    /// <summary>A package's stanza: its control data, where the file is, and what identifies it.</summary>
    /// <param name="control">What the package itself says.</param>
    /// <param name="path">The file's path from the repository's root, <c>/</c> between its parts.</param>
    /// <param name="digests">The file's size and digests.</param>
    /// <exception cref="DebianFormatException">Package, Version or Architecture is missing or wrong.</exception>
    public static Stanza Entry(Stanza control, string path, FileDigests digests)
    {
        _ = DebFileName.For(control);
        return notForIndex
            .Aggregate(control, (stanza, name) => stanza.Without(name))
            .With("Filename", path)
            .With("Size", digests.Size.ToString(CultureInfo.InvariantCulture))
            .With("MD5sum", digests.Md5)
            .With("SHA1", digests.Sha1)
            .With("SHA256", digests.Sha256)
            .InOrder(ranks);
    }

    /// <summary>Writes the stanzas in <see cref="InOrder"/>, so the same packages give the same bytes. UTF-8; the stream stays open.</summary>
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

    /// <summary>A stanza and its blank line: indexes are made by putting these one after another.</summary>
    public static string Render(Stanza entry) => entry + "\n";

    static (PackageName, DebianVersion, Architecture, string) KeyOf(Stanza entry) =>
        (
            PackageName.Parse(entry.Required("Package")),
            DebianVersion.Parse(entry.Required("Version")),
            Architecture.Parse(entry.Required("Architecture")),
            entry.Required("Filename")
        );
}
