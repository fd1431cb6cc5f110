using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Validation.Life;

/// <summary>What a package can leave behind in a system: files, accounts and active units.</summary>
public sealed record SystemState(
    IReadOnlyDictionary<string, FileChangeKind> Files,
    IReadOnlyDictionary<string, string> Contents,
    IReadOnlySet<string> Users,
    IReadOnlySet<string> Groups,
    IReadOnlySet<string> Units
)
{
    // Sections are separated by lines with a single '='. systemctl fails where systemd does not run.
    const string Inspect =
        "cut -d: -f1 /etc/passwd; echo =; cut -d: -f1 /etc/group; echo =; "
        + "systemctl list-units --all --plain --no-legend --state=active,activating --type=service,socket,timer,path 2>/dev/null "
        + "| cut -d' ' -f1; echo =; find /etc -xdev -type f -exec sha256sum {} +";

    public static async Task<SystemState> ReadAsync(EngineContainer container, CancellationToken cancellation)
    {
        var inspection = await container.RunAsync(["sh", "-c", Inspect], cancellation);
        var changes = await container.ReadChangesAsync(cancellation);
        var sections = inspection.Output.Split("=\n");
        return new SystemState(
            changes.ToDictionary(change => change.Path, change => change.Kind),
            sections[3]
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split("  ", 2))
                .Where(parts => parts.Length == 2)
                .ToDictionary(parts => parts[1], parts => parts[0]),
            Lines(sections[0]),
            Lines(sections[1]),
            Lines(sections[2])
        );
    }

    static HashSet<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
