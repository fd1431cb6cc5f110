using Debyard.Debian.Control;
using Debyard.Debian.Names;

namespace Debyard.Debian.Indexes;

/// <summary>A <c>.sources</c> file for <c>/etc/apt/sources.list.d</c> (sources.list(5), "DEB822-STYLE FORMAT").</summary>
public static class SourcesFile
{
    /// <summary>The file's text, with the key inside, so that one file is all a client needs.</summary>
    /// <param name="uri">The repository's root: what <c>dists/</c> and <c>Filename</c> follow.</param>
    /// <param name="suites">At least one, such as <c>stable</c>.</param>
    /// <param name="components">At least one, such as <c>main</c>.</param>
    /// <param name="armouredKeys">One or more public keys in the form <c>gpg --armor --export</c> writes.</param>
    /// <param name="architectures">Those to ask for; none means the client's own.</param>
    /// <exception cref="DebianFormatException">A value that would not fit its line, or no key.</exception>
    public static string Render(
        Uri uri,
        IEnumerable<string> suites,
        IEnumerable<string> components,
        string armouredKeys,
        IEnumerable<Architecture>? architectures = null
    )
    {
        if (!armouredKeys.TrimStart().StartsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----", StringComparison.Ordinal))
            throw new DebianFormatException("What should be the repository's key is not an armoured public key.");
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

    // Signed-By with an embedded key: every line indented, ' .' for an empty one.
    static string Inline(string armouredKeys) =>
        string.Concat(
            armouredKeys
                .ReplaceLineEndings("\n")
                .Trim()
                .Split('\n')
                .Select(line => string.IsNullOrWhiteSpace(line) ? "\n ." : "\n " + line.TrimEnd())
        );
}
