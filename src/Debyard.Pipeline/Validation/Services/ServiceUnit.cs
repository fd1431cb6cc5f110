namespace Debyard.Pipeline.Validation.Services;

/// <summary>
/// A service unit, as far as running its <c>ExecStart</c> without systemd needs: systemd.syntax(7), systemd.service(5), systemd.exec(5).
/// Sandboxing, limits and dependencies are left out.
/// </summary>
public sealed class ServiceUnit
{
    readonly Dictionary<string, List<string>> settings = new(StringComparer.Ordinal);

    ServiceUnit(string name) => Name = name;

    /// <summary>The file name: <c>streamer.service</c>.</summary>
    public string Name { get; }

    /// <summary>The name without <c>.service</c>, as <c>%p</c> for a unit that is no instance.</summary>
    public string Prefix => Name[..Name.LastIndexOf('.')];

    public string Type => Last("Service.Type") ?? "simple";

    public bool IsDynamicUser => Last("Service.DynamicUser") is "yes" or "true" or "on" or "1";

    /// <summary>Null: root.</summary>
    public string? User => Last("Service.User") ?? (IsDynamicUser ? Prefix : null);

    public string? Group => Last("Service.Group");

    public string? WorkingDirectory => Last("Service.WorkingDirectory");

    public bool HasInstallSection => settings.Keys.Any(key => key.StartsWith("Install.", StringComparison.Ordinal));

    public IReadOnlyList<UnitCommand> StartPre => Commands("ExecStartPre");

    public IReadOnlyList<UnitCommand> Start => Commands("ExecStart");

    /// <summary><c>NAME=value</c> assignments.</summary>
    public IEnumerable<string> Environment => All("Service.Environment").SelectMany(line => UnitCommand.Split(Expand(line)));

    /// <summary>Paths; those with a leading <c>-</c> may be missing.</summary>
    public IEnumerable<string> EnvironmentFiles => All("Service.EnvironmentFile").Select(Expand);

    /// <summary>The folders that systemd creates for the service, with their modes. systemd.exec(5), "Sandboxing".</summary>
    public IEnumerable<(string Path, string Mode)> Directories =>
        from kind in new[]
        {
            (Name: "Runtime", Root: "/run"),
            (Name: "State", Root: "/var/lib"),
            (Name: "Cache", Root: "/var/cache"),
            (Name: "Logs", Root: "/var/log"),
        }
        from line in All($"Service.{kind.Name}Directory")
        from name in UnitCommand.Split(Expand(line))
        select ($"{kind.Root}/{name.Split(':')[0]}", Last($"Service.{kind.Name}DirectoryMode") ?? "0755");

    /// <summary>The variables by which the service finds those folders: <c>STATE_DIRECTORY</c> and so on.</summary>
    public IEnumerable<string> DirectoryVariables =>
        from kind in new[]
        {
            (Variable: "RUNTIME_DIRECTORY", Root: "/run/"),
            (Variable: "STATE_DIRECTORY", Root: "/var/lib/"),
            (Variable: "CACHE_DIRECTORY", Root: "/var/cache/"),
            (Variable: "LOGS_DIRECTORY", Root: "/var/log/"),
        }
        let paths = Directories.Select(folder => folder.Path).Where(path => path.StartsWith(kind.Root, StringComparison.Ordinal)).ToList()
        where paths.Count > 0
        select $"{kind.Variable}={string.Join(':', paths)}";

    /// <param name="name">The unit's file name.</param>
    /// <param name="texts">The unit's file, and its drop-ins in their order.</param>
    public static ServiceUnit Parse(string name, params IEnumerable<string> texts)
    {
        var unit = new ServiceUnit(name);
        foreach (var text in texts)
        {
            unit.Read(text);
        }
        return unit;
    }

    void Read(string text)
    {
        var section = "";
        foreach (var line in LogicalLines(text))
        {
            if (line is ['[', .. var inner, ']'])
            {
                section = inner;
            }
            else if (line.Split('=', 2) is [var key, var value])
            {
                var values = settings.TryGetValue($"{section}.{key.Trim()}", out var known)
                    ? known
                    : settings[$"{section}.{key.Trim()}"] = [];
                // An empty assignment resets the list.
                if (value.Trim() is { Length: > 0 } text1)
                {
                    values.Add(text1);
                }
                else
                {
                    values.Clear();
                }
            }
        }
    }

    // A backslash at the end continues a line; comments between continued lines are left out.
    static IEnumerable<string> LogicalLines(string text)
    {
        var pending = "";
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()))
        {
            if (line is [] or ['#', ..] or [';', ..])
            {
                continue;
            }
            if (line is [.. var beginning, '\\'])
            {
                pending += beginning + " ";
                continue;
            }
            yield return pending + line;
            pending = "";
        }
        if (pending.Length > 0)
        {
            yield return pending.TrimEnd();
        }
    }

    List<UnitCommand> Commands(string key) => [.. All($"Service.{key}").Select(line => UnitCommand.Parse(Expand(line)))];

    string? Last(string key) => settings.TryGetValue(key, out var values) && values.Count > 0 ? Expand(values[^1]) : null;

    IReadOnlyList<string> All(string key) => settings.TryGetValue(key, out var values) ? values : [];

    // systemd.unit(5), "Specifiers": those that do not depend on an instance or a session.
    string Expand(string text) =>
        text.Contains('%', StringComparison.Ordinal)
            ? text.Replace("%%", "\0", StringComparison.Ordinal)
                .Replace("%n", Name, StringComparison.Ordinal)
                .Replace("%N", Prefix, StringComparison.Ordinal)
                .Replace("%p", Prefix, StringComparison.Ordinal)
                .Replace("%t", "/run", StringComparison.Ordinal)
                .Replace("%S", "/var/lib", StringComparison.Ordinal)
                .Replace("%C", "/var/cache", StringComparison.Ordinal)
                .Replace("%L", "/var/log", StringComparison.Ordinal)
                .Replace("%E", "/etc", StringComparison.Ordinal)
                .Replace("%T", "/tmp", StringComparison.Ordinal)
                .Replace("%h", "/root", StringComparison.Ordinal)
                .Replace("\0", "%", StringComparison.Ordinal)
            : text;
}
