using System.Globalization;
using System.Text;
using Debyard.Debian.Names;
using Debyard.Repository.Identity;

namespace Debyard.Repository.Storage;

/// <summary>
/// Every path below a repository's root. Names come in as validated types, so that none can leave the root; the one
/// free text, the path of a request, is checked part by part.
/// <code>
/// &lt;root&gt;/&lt;branch&gt;/dists/&lt;suite&gt;/{InRelease,Release,Release.gpg,&lt;component&gt;/binary-&lt;arch&gt;/{Packages.gz,Packages.xz,by-hash/SHA256/…}}
/// &lt;root&gt;/&lt;branch&gt;/pool/&lt;suite&gt;/&lt;component&gt;/&lt;digit&gt;/&lt;12 digits&gt;_&lt;file&gt;.deb        hard links to blobs; the SHA-256's first digits
/// &lt;root&gt;/&lt;branch&gt;/.branch                                                   its ref, its parent, what it inherited
/// &lt;root&gt;/&lt;branch&gt;/.changes/&lt;source&gt;_&lt;version&gt;_&lt;arch&gt;.{changes,buildinfo}  upload records
/// &lt;root&gt;/&lt;branch&gt;/.pending/&lt;suite&gt;/&lt;component&gt;/&lt;sha256&gt;                     uploaded, to be published later
/// &lt;root&gt;/&lt;branch&gt;/.unlisted/&lt;suite&gt;/&lt;component&gt;/&lt;12 digits&gt;_&lt;file&gt;.deb   empty; since when the pool's file is not listed
/// &lt;root&gt;/.debyard/blobs/&lt;2 digits&gt;/&lt;sha256&gt;{,.stanza}                        bytes, and beside them what an index says of them
/// &lt;root&gt;/.debyard/sha1/&lt;2 digits&gt;/&lt;sha1&gt;                                     names the SHA-256
/// &lt;root&gt;/.debyard/builds/&lt;branch&gt;/&lt;2 digits&gt;/&lt;fingerprint&gt;                  what a branch says its builds made
/// &lt;root&gt;/.debyard/retired/&lt;branch&gt;.&lt;milliseconds&gt;/                        a branch as it was, until it is restored or freed
/// &lt;root&gt;/.debyard/floors/&lt;branch&gt;                                            times that a branch of this name must not go back behind
/// &lt;root&gt;/.debyard/journal/&lt;year&gt;-&lt;month&gt;.jsonl                                who did what
/// &lt;root&gt;/.debyard/{lock,keys/,temporary/,births/}
/// </code>
/// </summary>
public sealed class RepositoryLayout(string root)
{
    public string Root { get; } = Path.GetFullPath(root);
    public string Private => Path.Combine(Root, ".debyard");
    public string LockFile => Path.Combine(Private, "lock");
    public string Keys => Path.Combine(Private, "keys");
    public string Temporary => Path.Combine(Private, "temporary");
    public string Births => Path.Combine(Private, "births");
    public string Retired => Path.Combine(Private, "retired");
    public string TimestampFloors => Path.Combine(Private, "floors");
    public string Journal => Path.Combine(Private, "journal");
    public string Blobs => Path.Combine(Private, "blobs");
    public string Sha1s => Path.Combine(Private, "sha1");

    public string Blob(Sha256 sha256)
    {
        var digits = sha256.ToString();
        return Path.Combine(Blobs, digits[..2], digits);
    }

    public string Sidecar(Sha256 sha256) => Blob(sha256) + ".stanza";

    public string BySha1(string sha1) => Path.Combine(Sha1s, sha1[..2], sha1);

    public string TimestampFloor(BranchName name) => Path.Combine(TimestampFloors, name.Value);

    public string RetiredBranch(BranchName name, long milliseconds) =>
        Path.Combine(Retired, string.Create(CultureInfo.InvariantCulture, $"{name}.{milliseconds}"));

    public string JournalOf(string month) => Path.Combine(Journal, month + ".jsonl");

    public string Build(BranchName name, string fingerprint) => Path.Combine(Private, "builds", name.Value, fingerprint[..2], fingerprint);

    public string NewTemporary() => Path.Combine(Temporary, Path.GetRandomFileName());

    /// <summary>Writes a file atomically: beside its place, then renamed. If it fails nothing changes. Durable after the next flush.</summary>
    internal void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = NewTemporary();
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    internal void Replace(string path, string text) => Replace(path, Encoding.UTF8.GetBytes(text));

    public BranchFolder Branch(BranchName name) => new(Path.Combine(Root, name.Value));

    public BranchFolder Birth(BranchName name) => new(Path.Combine(Births, name.Value));
}
