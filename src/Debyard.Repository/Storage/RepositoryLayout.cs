using System.Globalization;
using System.Text;
using Debyard.Debian.Names;
using Debyard.Repository.Identity;

namespace Debyard.Repository.Storage;

/// <summary>
/// All paths below a repository's root. Names are validated types, so no path can leave the root. The only free text, the path of a
/// request, is checked part by part.
/// <code>
/// Below &lt;root&gt;/&lt;branch&gt;/, where pool/ has hard links to blobs, and &lt;digits&gt; are the first 12 of the SHA-256:
/// dists/&lt;suite&gt;/{InRelease,Release,Release.gpg}
/// dists/&lt;suite&gt;/&lt;component&gt;/binary-&lt;arch&gt;/{Packages.gz,Packages.xz,by-hash/SHA256/…}
/// pool/&lt;suite&gt;/&lt;component&gt;/&lt;first digit&gt;/&lt;digits&gt;_&lt;file&gt;.deb
/// rpm/{packages,pending,generations}/                         its rpms: Rpm/RpmFolder.cs
/// .branch                                                     its ref, its parent, its inherited packages
/// .changes/&lt;source&gt;_&lt;version&gt;_&lt;arch&gt;.{changes,buildinfo}   what an uploader sent beside its packages
/// .pending/&lt;suite&gt;/&lt;component&gt;/&lt;sha256&gt;                       uploaded, to be published later
/// .unlisted/&lt;suite&gt;/&lt;component&gt;/&lt;digits&gt;_&lt;file&gt;.deb           empty; its time is when the pool file was unlisted
///
/// Below &lt;root&gt;/.debyard/:
/// blobs/&lt;2 digits&gt;/&lt;sha256&gt;{,.stanza}                         a package file and its index stanza
/// sha1/&lt;2 digits&gt;/&lt;sha1&gt;                                      contains the SHA-256
/// builds/&lt;branch&gt;/&lt;2 digits&gt;/&lt;fingerprint&gt;                    the build cache: files that a build produced
/// verdicts/&lt;branch&gt;/&lt;2 digits&gt;/&lt;fingerprint&gt;                  what passed validation, as JSON
/// plans/&lt;branch&gt;/&lt;2 digits&gt;/&lt;sha256&gt;                          how to validate a package, as JSON
/// retired/&lt;branch&gt;.&lt;milliseconds&gt;/                            a retired branch, until it is restored or deleted
/// retired/&lt;branch&gt;.&lt;milliseconds&gt;/.gone                       empty: no owner project has the git branch any more
/// floors/&lt;branch&gt;                                             the earliest times that a branch of this name may show
/// journal/&lt;year&gt;-&lt;month&gt;[.&lt;number&gt;].jsonl                    all changes to branches
/// {lock,keys/,temporary/}
/// births/&lt;branch&gt;/                                            a new branch before its first publish is complete
/// </code>
/// </summary>
public sealed class RepositoryLayout(string root)
{
    public string Root { get; } = Path.GetFullPath(root);
    public string Private => Path.Combine(Root, ".debyard");
    public string LockFile => Path.Combine(Private, "lock");
    public string Keys => Path.Combine(Private, "keys");
    public string RpmKeys => Path.Combine(Keys, "rpm");
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

    public string JournalOf(string name) => Path.Combine(Journal, name + ".jsonl");

    public string Build(BranchName name, string fingerprint) => Path.Combine(Private, "builds", name.Value, fingerprint[..2], fingerprint);

    public string Verdict(BranchName name, string fingerprint) => Path.Combine(VerdictsOf(name), fingerprint[..2], fingerprint);

    public string VerdictsOf(BranchName name) => Path.Combine(Private, "verdicts", name.Value);

    public string Plan(BranchName name, Sha256 sha256) => Path.Combine(Private, "plans", name.Value, $"{sha256}"[..2], $"{sha256}");

    public string NewTemporary() => Path.Combine(Temporary, Path.GetRandomFileName());

    /// <summary>
    /// Replaces a file atomically: writes a temporary file, then renames it. On failure nothing changes. Durable after the next flush.
    /// </summary>
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

    /// <summary>The folder of a branch that is not published yet; a rename makes it visible.</summary>
    public BranchFolder Birth(BranchName name) => new(Path.Combine(Births, name.Value));
}
