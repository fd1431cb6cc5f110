using System.Globalization;
using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Validation.Services;

/// <summary>What <c>systemctl show</c> tells about a unit.</summary>
public sealed record UnitState(string Name, IReadOnlyDictionary<string, string> Properties)
{
    const string Wanted =
        "LoadState,LoadError,ActiveState,SubState,Result,Type,ExecMainCode,ExecMainStatus,NRestarts,UnitFileState,RemainAfterExit";

    public string Active => Properties.GetValueOrDefault("ActiveState", "unknown");

    public string Sub => Properties.GetValueOrDefault("SubState", "unknown");

    public int Restarts =>
        int.TryParse(Properties.GetValueOrDefault("NRestarts"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;

    bool IsOneShot => Properties.GetValueOrDefault("Type") == "oneshot";

    /// <summary>Whether it runs, or did what it does once.</summary>
    public bool IsUp => Active == "active" || IsOneShot && Active == "inactive" && Properties.GetValueOrDefault("ExecMainCode") == "1";

    public static async Task<UnitState> ReadAsync(EngineContainer container, string name, CancellationToken cancellation)
    {
        var shown = await container.RunAsync(["systemctl", "show", $"--property={Wanted}", name], cancellation);
        return Parse(name, shown.Output);
    }

    public static UnitState Parse(string name, string shown) =>
        new(
            name,
            shown
                .Split('\n')
                .Select(line => line.Split('=', 2))
                .Where(parts => parts.Length == 2)
                .GroupBy(parts => parts[0])
                .ToDictionary(group => group.Key, group => group.Last()[1])
        );

    /// <summary>Whether systemd cannot load it.</summary>
    public bool IsBroken => Properties.GetValueOrDefault("LoadState") is "bad-setting" or "error";

    /// <summary>The exit code of its main process; null while it runs or may still start.</summary>
    public long? FindExitCode() =>
        FindDefect() is not null
        && long.TryParse(Properties.GetValueOrDefault("ExecMainStatus"), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : null;

    /// <summary>Why the unit cannot run, in one sentence; null if it runs or may still start.</summary>
    public string? FindDefect()
    {
        var load = Properties.GetValueOrDefault("LoadState");
        return load switch
        {
            "not-found" => $"there is no unit {Name}",
            "masked" => $"{Name} is masked",
            "bad-setting" or "error" => $"{Name} is broken, systemd cannot load it: {Properties.GetValueOrDefault("LoadError")}",
            _ when Active == "failed" => $"{Name} failed: {Explain()}",
            // Restart= hides a crash loop from ActiveState, which alternates between activating and active.
            _ when Restarts >= 3 && Sub == "auto-restart" => $"{Name} dies at each start, {Restarts} restarts so far: {Explain()}",
            _ => null,
        };
    }

    string Explain()
    {
        var status = Properties.GetValueOrDefault("ExecMainStatus", "?");
        return Properties.GetValueOrDefault("Result", "") switch
        {
            // systemd.exec(5), "Process Exit Codes"
            "exit-code" when status == "203" => "exit code 203, its ExecStart cannot be executed",
            "exit-code" when status == "217" => "exit code 217, its User does not exist",
            "exit-code" when status == "200" => "exit code 200, its WorkingDirectory does not exist",
            "exit-code" => $"exit code {status}",
            "signal" or "core-dump" => $"killed by signal {status}",
            "resources" => "systemd could not prepare what it needs",
            "timeout" => "it did not report to be ready in time",
            "start-limit-hit" => $"it was restarted too often, last exit code {status}",
            var result => result.Length > 0 ? $"{result}, exit code {status}" : $"exit code {status}",
        };
    }
}
