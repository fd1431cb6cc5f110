using System.Text;

namespace Debyard.Repository;

/// <summary>
/// The repository's key, gpg's own in a GNUPGHOME of the repository's own: ed25519, made on the first start. gpg-agent runs
/// from the first signature until <see cref="Dispose"/>, and ends by itself where this process is killed.
/// </summary>
public sealed class SigningKey : IDisposable
{
    // sun_path holds 108 bytes, of which the agent's longest socket name takes 22.
    const int LongestHome = 80;

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
        var shortHome = Encoding.UTF8.GetByteCount(home) > LongestHome ? Shorten(home) : null;
        // Written last, after the key: where it is, gpg need not be asked.
        var publicKey = Path.Combine(home, "repository.asc");
        if (!File.Exists(publicKey))
            Make(shortHome ?? home, layout, publicKey);
        var text = File.ReadAllText(publicKey);
        var fingerprint = File.ReadAllText(Path.Combine(home, "repository.fingerprint")).Trim();
        return new SigningKey(home, shortHome, fingerprint, text);
    }

    internal Task<byte[]> ClearSignAsync(byte[] text) => SignAsync(text, "--clearsign");

    internal Task<byte[]> DetachSignAsync(byte[] text) => SignAsync(text, "--armor", "--detach-sign");

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
        // Apt's verifiers accept ed25519 and SHA-2 only: the key's own signature is SHA-512 too.
        gpg.Run("--cert-digest-algo", "SHA512", "--passphrase", "", "--quick-generate-key", "Debyard repository", "ed25519", "sign", "never");
        var fingerprint = gpg.Run("--with-colons", "--list-secret-keys").Split('\n').Last(line => line.StartsWith("fpr:", StringComparison.Ordinal)).Split(':')[9];
        layout.Replace(Path.Combine(layout.Keys, "repository.fingerprint"), fingerprint + "\n");
        layout.Replace(publicKey, gpg.Run("--armor", "--export", fingerprint));
    }

    static string Shorten(string home) => File.CreateSymbolicLink(Path.Combine(Directory.CreateTempSubdirectory("debyard-").FullName, "keys"), home).FullName;
}
