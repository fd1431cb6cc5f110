using System.Text;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Signing;

/// <summary>
/// A signing key of the repository, which gpg creates when it is first needed, in a GNUPGHOME of its own. gpg-agent runs from the first
/// signature until <see cref="Dispose"/>, and exits by itself if this process is killed.
/// </summary>
public sealed class SigningKey : IDisposable
{
    // The path of a Unix socket has at most 108 bytes (unix(7)); the agent's longest socket name takes 22 of them.
    const int MaxHomeLength = 80;

    readonly Lazy<Gpg> gpg;
    readonly string fingerprint;
    readonly string? shortHome;

    SigningKey(string home, string? shortHome, string fingerprint, string armouredPublicKey)
    {
        this.shortHome = shortHome;
        this.fingerprint = fingerprint;
        ArmouredPublicKey = armouredPublicKey;
        gpg = new(() => Gpg.Start(shortHome ?? home));
    }

    /// <summary>The public key as <c>gpg --armor --export</c> writes it.</summary>
    public string ArmouredPublicKey { get; }

    public string Fingerprint => fingerprint;

    /// <exception cref="RepositoryUnavailableException">gpg is missing or cannot make a key.</exception>
    internal static SigningKey Open(RepositoryLayout layout) => Open(layout, layout.Keys, "Debyard repository", "ed25519");

    /// <summary>
    /// The key for rpms. rpm of RHEL 9 and older cannot verify ed25519, and some later builds cannot verify all signatures
    /// (https://github.com/rpm-software-management/rpm/issues/1877).
    /// </summary>
    /// <exception cref="RepositoryUnavailableException">gpg is missing or cannot make a key.</exception>
    internal static SigningKey OpenForRpm(RepositoryLayout layout) => Open(layout, layout.RpmKeys, "Debyard rpm repository", "rsa4096");

    static SigningKey Open(RepositoryLayout layout, string home, string name, string algorithm)
    {
        Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var shortHome = Encoding.UTF8.GetByteCount(home) > MaxHomeLength ? Shorten(home) : null;
        // Written last, after the key. If it exists, there is no need to run gpg.
        var publicKey = Path.Combine(home, "repository.asc");
        if (!File.Exists(publicKey))
            Make(shortHome ?? home, layout, publicKey, name, algorithm);
        var text = File.ReadAllText(publicKey);
        var fingerprint = File.ReadAllText(FingerprintBeside(publicKey)).Trim();
        return new SigningKey(home, shortHome, fingerprint, text);
    }

    internal Task<byte[]> ClearSignAsync(byte[] text) => SignAsync(text, "--clearsign");

    internal Task<byte[]> DetachSignAsync(byte[] text) => SignAsync(text, "--armor", "--detach-sign");

    internal Task<byte[]> DetachSignBinaryAsync(byte[] content) => SignAsync(content, "--detach-sign");

    /// <summary>True if the signature, in the signed file or detached from it, was made by this key.</summary>
    internal async Task<bool> VerifyAsync(string signature, params string[] signed)
    {
        try
        {
            // gpg reports a good signature as VALIDSIG, followed by the fingerprint of its key.
            var status = await Task.Run(() => gpg.Value.RunAsync(["--status-fd", "1", "--verify", signature, .. signed], []));
            return Encoding.UTF8.GetString(status).Contains($"[GNUPG:] VALIDSIG {fingerprint} ", StringComparison.Ordinal);
        }
        catch (RepositoryUnavailableException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (gpg.IsValueCreated)
            gpg.Value.Dispose();
        if (shortHome is not null)
            Directory.Delete(Path.GetDirectoryName(shortHome)!, recursive: true);
    }

    Task<byte[]> SignAsync(byte[] text, params string[] how) =>
        Task.Run(() => gpg.Value.RunAsync(["--digest-algo", "SHA512", "--local-user", fingerprint, "--output", "-", .. how], text));

    static void Make(string home, RepositoryLayout layout, string publicKey, string name, string algorithm)
    {
        using var gpg = Gpg.Start(home);
        // apt accepts only SHA-2 in signatures, so the key's self-signature uses SHA-512 too.
        // A start that was killed at this point may have created the key already.
        if (Fingerprints(gpg).Count == 0)
            gpg.Run("--cert-digest-algo", "SHA512", "--passphrase", "", "--quick-generate-key", name, algorithm, "sign", "never");
        var fingerprint = Fingerprints(gpg)[^1];
        layout.Replace(FingerprintBeside(publicKey), fingerprint + "\n");
        layout.Replace(publicKey, gpg.Run("--armor", "--export", fingerprint));
    }

    static string FingerprintBeside(string publicKey) => Path.ChangeExtension(publicKey, ".fingerprint");

    static List<string> Fingerprints(Gpg gpg) =>
        [
            .. gpg.Run("--with-colons", "--list-secret-keys")
                .Split('\n')
                .Where(line => line.StartsWith("fpr:", StringComparison.Ordinal))
                .Select(line => line.Split(':')[9]),
        ];

    static string Shorten(string home) =>
        File.CreateSymbolicLink(Path.Combine(Directory.CreateTempSubdirectory("debyard-").FullName, "keys"), home).FullName;
}
