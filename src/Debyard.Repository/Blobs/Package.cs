using System.Globalization;
using Debyard.Debian;

namespace Debyard.Repository;

/// <summary>
/// A package file's bytes as the indexes describe them: one object for all branches that list it. <c>Entry</c> is its stanza in
/// an index, but for <c>Filename</c>, which holds the bare file name.
/// </summary>
public sealed record Package(DebFileName FileName, DebianVersion Version, FileDigests Digests, Stanza Entry)
{
    internal static Package Of(Stanza control, FileDigests digests)
    {
        var fileName = DebFileName.For(control);
        return new Package(fileName, DebianVersion.Parse(control.Required("Version")), digests, PackagesIndex.Entry(control, fileName.ToString(), digests));
    }

    /// <summary>Reads a sidecar or an index's stanza.</summary>
    /// <exception cref="DebianFormatException">It is damaged.</exception>
    internal static Package Parse(Stanza entry)
    {
        var fileName = DebFileName.For(entry);
        var digests = new FileDigests(
            long.TryParse(entry.Required("Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : throw new DebianFormatException("Size is no number."),
            Digest(entry, "MD5sum", 32), Digest(entry, "SHA1", 40), Digest(entry, "SHA256", 64));
        return new Package(fileName, DebianVersion.Parse(entry.Required("Version")), digests, entry.With("Filename", fileName.ToString()));
    }

    static string Digest(Stanza entry, string field, int length) =>
        entry.Required(field) is var text && ClaimedDigests.IsHex(text, length) ? text : throw new DebianFormatException($"{field} is no digest.");
}
