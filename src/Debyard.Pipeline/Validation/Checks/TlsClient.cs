using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Validation.Checks;

/// <summary>Verifies the certificates of services as the manifest says.</summary>
sealed class TlsClient(CheckContext context)
{
    public async Task<SslClientAuthenticationOptions> OptionsAsync(TlsSettings settings, CancellationToken cancellation)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = settings.Host };
        if (settings.Insecure)
        {
            // The manifest says `insecure: true`.
#pragma warning disable CA5359
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (settings.Authority is { } authority)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(await CertificatesAsync(authority, cancellation));
        }
        return options;
    }

    /// <summary>TLS over a connection.</summary>
    public async Task<Stream> AuthenticateAsync(Stream connection, TlsSettings settings, CancellationToken cancellation)
    {
        var encrypted = new SslStream(connection);
        await encrypted.AuthenticateAsClientAsync(await OptionsAsync(settings, cancellation), cancellation);
        return encrypted;
    }

    async Task<X509Certificate2Collection> CertificatesAsync(string authority, CancellationToken cancellation)
    {
        var text = authority.StartsWith('/')
            ? (await context.Run(["cat", authority], cancellation)).Output
            : System.Text.Encoding.UTF8.GetString(context.ReadSource(authority));
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(text);
        return certificates;
    }
}
