using System.Globalization;
using System.Text;
using Debyard.Debian;
using Debyard.Debian.Control;
using Debyard.Debian.Digests;
using Debyard.Debian.Indexes;
using Debyard.Debian.Names;

namespace Debyard.Repository.Storage;

/// <summary>
/// A package file as the indexes describe it. All branches that list it share one object.
/// </summary>
public sealed class Package : IEquatable<Package>
{
    // Kept as text, because parsed fields take several times the memory and there is one entry per package.
    readonly byte[] entry;

    Package(DebFileName fileName, DebianVersion version, FileDigests digests, Stanza entry)
    {
        (FileName, Version, Digests) = (fileName, version, digests);
        this.entry = Encoding.UTF8.GetBytes(entry.ToString());
    }

    public DebFileName FileName { get; }

    public DebianVersion Version { get; }

    public FileDigests Digests { get; }

    /// <summary>Its index stanza. Its <c>Filename</c> is the file name without a folder.</summary>
    public string Entry => Encoding.UTF8.GetString(entry);

    /// <summary>Writes its index stanza and the blank line after it.</summary>
    /// <param name="filename">The path of the pool file, relative to the branch's folder.</param>
    internal void Write(Stream index, string filename)
    {
        ReadOnlySpan<byte> text = entry;
        var start = IndexOfFilename(text);
        index.Write(text[..start]);
        index.Write(Encoding.UTF8.GetBytes(filename));
        index.Write(text[(start + text[start..].IndexOf((byte)'\n'))..]);
        index.WriteByte((byte)'\n');
    }

    internal static Package Of(Stanza control, FileDigests digests)
    {
        var fileName = DebFileName.For(control);
        return new Package(
            fileName,
            DebianVersion.Parse(control.Required("Version")),
            digests,
            PackagesIndex.Entry(control, fileName.ToString(), digests)
        );
    }

    /// <summary>Reads a stanza of a sidecar or an index.</summary>
    /// <exception cref="DebianFormatException">A field is missing or invalid.</exception>
    internal static Package Parse(Stanza entry)
    {
        var fileName = DebFileName.For(entry);
        var digests = new FileDigests(
            long.TryParse(entry.Required("Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                ? size
                : throw new DebianFormatException("Size is not a number."),
            Digest(entry, "MD5sum", 32),
            Digest(entry, "SHA1", 40),
            Sha256.Parse(entry.Required("SHA256"))
        );
        return new Package(fileName, DebianVersion.Parse(entry.Required("Version")), digests, entry.With("Filename", fileName.ToString()));
    }

    public bool Equals(Package? other) => other is not null && FileName == other.FileName && Digests == other.Digests;

    public override bool Equals(object? obj) => Equals(obj as Package);

    public override int GetHashCode() => Digests.GetHashCode();

    // No other line can begin this way, because continuation lines begin with a blank.
    static int IndexOfFilename(ReadOnlySpan<byte> text)
    {
        var name = "Filename: "u8;
        return name.Length + (text.StartsWith(name) ? 0 : text.IndexOf("\nFilename: "u8) + 1);
    }

    static string Digest(Stanza entry, string field, int length) =>
        entry.Required(field) is var text && AnnouncedDigests.IsHex(text, length)
            ? text
            : throw new DebianFormatException($"{field} is not a valid digest.");
}
