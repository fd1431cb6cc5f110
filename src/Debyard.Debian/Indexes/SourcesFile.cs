using Debyard.Debian.Control;
using Debyard.Debian.Names;

namespace Debyard.Debian.Indexes;

/// <summary>Renders a <c>.sources</c> file for <c>/etc/apt/sources.list.d</c> (sources.list(5), "DEB822-STYLE FORMAT").</summary>
public static class SourcesFile
{
    /// <summary>Renders the file with the key inside, so a client needs only this file.</summary>
    /// <param name="uri">The root of the repository, to which <c>dists/</c> and <c>Filename</c> are relative.</param>
    /// <param name="suites">At least one, such as <c>stable</c>.</param>
    /// <param name="components">At least one, such as <c>main</c>.</param>
    /// <param name="armouredKeys">One or more public keys as <c>gpg --armor --export</c> writes them.</param>
    /// <param name="architectures">The architectures to request; by default those of the client.</param>
    /// <exception cref="DebianFormatException">A value contains a line break, or the key is not a public key.</exception>
    public static string Render(
        Uri uri,
        IEnumerable<string> suites,
        IEnumerable<string> components,
        string armouredKeys,
        IEnumerable<Architecture>? architectures = null
    )
    {
        if (!armouredKeys.TrimStart().StartsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----", StringComparison.Ordinal))
            throw new DebianFormatException("The repository's key is not an armoured OpenPGP public key.");
        var restriction = string.Join(' ', architectures ?? []);
        return new Stanza([
            new Field("Types", "deb"),
            new Field("URIs", uri.AbsoluteUri),
            new Field("Suites", string.Join(' ', suites)),
            new Field("Components", string.Join(' ', components)),
            .. restriction.Length > 0 ? [new Field("Architectures", restriction)] : Array.Empty<Field>(),
            new Field("Signed-By", Inline(armouredKeys)),
        ]).ToString();
    }

    // An embedded key in Signed-By: every line is indented; ' .' stands for an empty line.
    static string Inline(string armouredKeys) =>
        string.Concat(
            armouredKeys
                .ReplaceLineEndings("\n")
                .Trim()
                .Split('\n')
                .Select(line => string.IsNullOrWhiteSpace(line) ? "\n ." : "\n " + line.TrimEnd())
        );
}
