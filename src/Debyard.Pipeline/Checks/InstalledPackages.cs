using System.Text;
using Debyard.Debian.Control;
using Debyard.Debian.Names;
using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Checks;

/// <summary>The packages installed in an image, and their libraries, which its binaries were linked with.</summary>
static class InstalledPackages
{
    /// <summary>The packages by their names on <paramref name="architecture"/>; null if the image has no dpkg.</summary>
    public static async Task<IReadOnlyList<Provider>?> ReadAsync(
        EngineContainer container,
        Architecture architecture,
        CancellationToken cancellation
    )
    {
        if (await container.TryReadFolderAsync("/var/lib/dpkg", cancellation) is not { } archive)
        {
            return null;
        }
        await using var _ = archive;
        var status = "";
        var files = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        while (await archive.GetNextEntryAsync(copyData: false, cancellation) is { DataStream: var content } entry)
        {
            if (content is null)
            {
                continue;
            }
            if (entry.Name.EndsWith("dpkg/status", StringComparison.Ordinal))
            {
                status = await ReadAsync(content, cancellation);
            }
            else if (entry.Name.EndsWith(".list", StringComparison.Ordinal))
            {
                // info/libc6:amd64.list
                var package = Path.GetFileNameWithoutExtension(entry.Name).Split(':')[0];
                files[package] =
                [
                    .. (await ReadAsync(content, cancellation)).Split('\n').Where(path => path.Contains(".so", StringComparison.Ordinal)),
                ];
            }
        }
        // Libraries for a cross compiler are in separate packages: libc6-arm64-cross has what libc6 has on the target.
        string OnTarget(string name) =>
            name.EndsWith($"-{architecture}-cross", StringComparison.Ordinal) ? name[..^$"-{architecture}-cross".Length] : name;
        return
        [
            .. Stanza
                .ParseAll(new StringReader(status))
                .Where(stanza => stanza["Status"]?.EndsWith(" installed", StringComparison.Ordinal) ?? false)
                .Select(stanza => Provider.Of(stanza, files.GetValueOrDefault(stanza.Required("Package"), [])))
                .Select(package => package with { Name = OnTarget(package.Name), DependsOn = [.. package.DependsOn.Select(OnTarget)] }),
        ];
    }

    static async Task<string> ReadAsync(Stream content, CancellationToken cancellation)
    {
        using var reader = new StreamReader(content, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation);
    }
}
