using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Manifests;

/// <summary>Reads how a check verifies the certificate of a service.</summary>
static class TlsReader
{
    /// <param name="host">The name that the certificate must be for, unless <c>host</c> names another.</param>
    public static TlsSettings? Read(YamlMap check, string host, ManifestNames names)
    {
        if (check.Find("tls") is not { } node)
        {
            return null;
        }
        if (node is YamlScalarNode { Value: "true" or "false" })
        {
            return check.Flag("tls") ? new TlsSettings(null, Insecure: false, host) : null;
        }
        var map = new YamlMap(node, "'tls'", check.Mistakes);
        var authority = map.Optional("ca");
        var settings = new TlsSettings(
            authority switch
            {
                null => null,
                ['/', ..] => YamlValues.AbsolutePath(authority, map.Find("ca")!, map.Mistakes),
                _ => names.File(authority, map.Find("ca")!),
            },
            map.Flag("insecure"),
            map.Optional("host") ?? host
        );
        if (settings is { Insecure: true, Authority: not null })
        {
            map.Refuse("insecure", "'insecure' accepts any certificate: leave out 'ca', or 'insecure'");
        }
        map.RefuseUnknownKeys();
        return settings;
    }
}
