using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Validation.Life;

/// <summary>
/// The data and the configuration that an upgrade must keep. A marker beside the service's own data tells whether data is replaced: the
/// service may change its files, but not the marker.
/// </summary>
public sealed class KeptData(IReadOnlyList<string> data, IReadOnlyDictionary<string, byte[]> configuration)
{
    const string Marker = ".debyard-kept";

    // Each marker belongs to whom its folder belongs.
    const string Mark =
        "for path; do [ -e \"$path\" ] || { echo \"missing $path\"; continue; }; [ -d \"$path\" ] || continue; "
        + $"echo kept > \"$path/{Marker}\" && chown --reference=\"$path\" \"$path/{Marker}\" && chmod 600 \"$path/{Marker}\"; done";

    // Names and kinds of all files; for markers and single files also owner, mode and content.
    const string List =
        "for path; do find \"$path\" -printf '%y %p\\n'; "
        + $"for file in \"$path\" \"$path/{Marker}\"; do [ -f \"$file\" ] && stat -c 'owner %U:%G mode %a %n' \"$file\" "
        + "&& sha256sum \"$file\"; done; done; true";

    /// <summary>Writes the configuration and the markers.</summary>
    /// <returns>Declared paths that the installed version does not have.</returns>
    public async Task<IReadOnlyList<string>> WriteAsync(EngineContainer container, CancellationToken cancellation)
    {
        foreach (var (path, content) in configuration)
        {
            // Through the shell, so that owner and mode stay what the package made them.
            await container.WriteAsync([("/var/cache/debyard/configuration", content)], cancellation);
            await container.RunAsync(["sh", "-c", "cat /var/cache/debyard/configuration > \"$1\"", "sh", path], cancellation);
        }
        var marked = await container.RunAsync(["sh", "-c", Mark, "sh", .. data], cancellation);
        return [.. Lines(marked.Output).Where(line => line.StartsWith("missing ", StringComparison.Ordinal)).Select(line => line[8..])];
    }

    /// <summary>What there is now, one fact a line.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(EngineContainer container, CancellationToken cancellation) =>
        Lines((await container.RunAsync(["sh", "-c", List, "sh", .. data], cancellation)).Output);

    /// <summary>What the upgrade lost or changed.</summary>
    public async Task<IReadOnlyList<string>> FindLossesAsync(
        EngineContainer container,
        IReadOnlyList<string> before,
        CancellationToken cancellation
    )
    {
        var losses = Compare(before, await ReadAsync(container, cancellation)).ToList();
        foreach (var (path, content) in configuration)
        {
            if (await container.TryReadFileAsync(path, cancellation) is not { } now)
            {
                losses.Add($"{path} is gone");
            }
            else if (!now.AsSpan().SequenceEqual(content))
            {
                losses.Add($"{path} no longer has the changed configuration");
            }
        }
        return losses;
    }

    internal static IEnumerable<string> Compare(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        foreach (var lost in before.Except(after))
        {
            var path = lost[(lost.LastIndexOf(" /", StringComparison.Ordinal) + 1)..];
            var kept = after.FirstOrDefault(line => line.EndsWith(" " + path, StringComparison.Ordinal) && IsSameFact(line, lost));
            yield return kept is null ? $"{path} is gone"
            : lost.StartsWith("owner", StringComparison.Ordinal) ? $"{path}: {Fact(kept)}, before {Fact(lost)}"
            : $"{path} has other content";
        }
    }

    static bool IsSameFact(string one, string other) =>
        one.StartsWith("owner", StringComparison.Ordinal) == other.StartsWith("owner", StringComparison.Ordinal)
        && (one.IndexOf(' ') == 1) == (other.IndexOf(' ') == 1);

    static string Fact(string line) => line[..line.LastIndexOf(" /", StringComparison.Ordinal)];

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
