using System.Text;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Signing;

/// <summary>
/// The repository's signing key, an ed25519 key that gpg creates on the first start in the repository's own GNUPGHOME. gpg-agent runs from
/// the first signature until <see cref="Dispose"/>, and exits by itself if this process is killed.
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
    internal static SigningKey Open(RepositoryLayout layout)
    {
        var home = layout.Keys;
        Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var shortHome = Encoding.UTF8.GetByteCount(home) > MaxHomeLength ? Shorten(home) : null;
        // Written last, after the key. If it exists, there is no need to run gpg.
        var publicKey = Path.Combine(home, "repository.asc");
        if (!File.Exists(publicKey))
            Make(shortHome ?? home, layout, publicKey);
        var text = File.ReadAllText(publicKey);
        var fingerprint = File.ReadAllText(Path.Combine(home, "repository.fingerprint")).Trim();
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

    static void Make(string home, RepositoryLayout layout, string publicKey)
    {
        using var gpg = Gpg.Start(home);
        // apt accepts only SHA-2 in signatures, so the key's self-signature uses SHA-512 too.
        // A start that was killed at this point may have created the key already.
        if (Fingerprints(gpg).Count == 0)
            gpg.Run(
                "--cert-digest-algo",
                "SHA512",
                "--passphrase",
                "",
                "--quick-generate-key",
                "Debyard repository",
                "ed25519",
                "sign",
                "never"
            );
        var fingerprint = Fingerprints(gpg)[^1];
        layout.Replace(Path.Combine(layout.Keys, "repository.fingerprint"), fingerprint + "\n");
        layout.Replace(publicKey, gpg.Run("--armor", "--export", fingerprint));
    }

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
