using System.Text;
using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Validation.Services;

/// <summary>Runs the <c>ExecStart</c> of a service unit as systemd would, as far as that is possible without systemd.</summary>
public sealed class UnitWithoutSystemd(EngineContainer container, ServiceUnit unit, IReadOnlyDictionary<string, string> variables)
{
    // systemd.exec(5), "Environment Variables in Spawned Processes"
    const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    static readonly string[] folders = ["/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

    /// <summary>Reads a unit of the container with its drop-ins.</summary>
    /// <exception cref="PipelineException">The container has no such unit.</exception>
    public static async Task<ServiceUnit> ReadAsync(EngineContainer container, string name, CancellationToken cancellation)
    {
        const string Read =
            "for folder in $2; do [ -f \"$folder/$1\" ] && { cat \"$folder/$1\"; found=yes; break; }; done; [ $found ] || exit 9; "
            + "for folder in $2; do for file in \"$folder/$1.d\"/*.conf; do [ -f \"$file\" ] && cat \"$file\"; done; done; true";
        var text = await container.RunAsync(["sh", "-c", Read, "sh", name, string.Join(' ', folders)], cancellation);
        return text.ExitCode == 0
            ? ServiceUnit.Parse(name, text.Output)
            : throw new PipelineException($"The installed packages have no unit {name}: name one that they install.");
    }

    /// <exception cref="PipelineException">The unit cannot be started, with the reason.</exception>
    public async Task<NamedProcess> StartAsync(CancellationToken cancellation)
    {
        if (unit.Start.Count == 0)
        {
            throw new PipelineException($"{unit.Name} is broken: it has no ExecStart.");
        }
        if (unit.Start.Count > 1)
        {
            throw new PipelineException($"{unit.Name} has {unit.Start.Count} ExecStart commands, which only systemd can run.");
        }
        var script = await ScriptAsync(cancellation);
        var path = $"/var/cache/debyard/{unit.Name}.sh";
        await container.WriteAsync([(path, Encoding.UTF8.GetBytes(script))], cancellation, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var process = await container.StartProcessAsync(unit.Name, $"sh {path}", cancellation);
        return new NamedProcess(unit.Name, process, unit.Type is "forking" or "oneshot");
    }

    async Task<string> ScriptAsync(CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = SearchPath,
            ["LANG"] = "C.UTF-8",
            ["USER"] = unit.User ?? "root",
            ["LOGNAME"] = unit.User ?? "root",
        };
        Add(environment, unit.DirectoryVariables);
        Add(environment, unit.Environment);
        foreach (var file in unit.EnvironmentFiles)
        {
            Add(environment, await ReadEnvironmentFileAsync(file, cancellation));
        }
        Add(environment, variables.Select(variable => $"{variable.Key}={variable.Value}"));
        return Script(unit, environment);
    }

    async Task<IEnumerable<string>> ReadEnvironmentFileAsync(string file, CancellationToken cancellation)
    {
        var isOptional = file.StartsWith('-');
        if (await container.TryReadFileAsync(file.TrimStart('-'), cancellation) is not { } content)
        {
            return isOptional ? [] : throw new PipelineException($"{unit.Name} is broken: its EnvironmentFile {file} does not exist.");
        }
        return Encoding
            .UTF8.GetString(content)
            .Split('\n')
            .Select(line => line.Trim())
            .Where(line => line is not ([] or ['#', ..] or [';', ..]) && line.Contains('=', StringComparison.Ordinal))
            .Select(line => line.Split('=', 2) is var parts ? $"{parts[0].Trim()}={Unquoted(parts[1].Trim())}" : line);
    }

    static string Unquoted(string value) => value.Length > 1 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;

    /// <summary>The script that prepares what systemd prepares, and then becomes the service.</summary>
    public static string Script(ServiceUnit unit, IReadOnlyDictionary<string, string> environment)
    {
        var script = new StringBuilder("set -e\n");
        var user = unit.User;
        if (user is not null)
        {
            script.Append(
                unit.IsDynamicUser
                    ? $"id -u {Quoted(user)} >/dev/null 2>&1 || "
                        + $"useradd --system --user-group --no-create-home --shell /usr/sbin/nologin {Quoted(user)}\n"
                    : $"id -u {Quoted(user)} >/dev/null || {{ echo {Quoted($"{unit.Name}: there is no user {user}")} >&2; exit 217; }}\n"
            );
        }
        var group =
            unit.Group is { } named ? Quoted(named)
            : user is null ? "root"
            : $"\"$(id -gn {Quoted(user)})\"";
        foreach (var (path, mode) in unit.Directories)
        {
            script.Append($"install -d -m {Quoted(mode)} -o {Quoted(user ?? "root")} -g {group} {Quoted(path)}\n");
        }
        if (unit.WorkingDirectory is { } folder)
        {
            var path = folder.TrimStart('-');
            script.Append(
                path == "~" ? $"cd \"$(getent passwd {Quoted(user ?? "root")} | cut -d: -f6)\"\n"
                : folder.StartsWith('-') ? $"cd {Quoted(path)} || true\n"
                : $"cd {Quoted(path)}\n"
            );
        }
        foreach (var command in unit.StartPre)
        {
            script.Append(Line(command, user, group, environment)).Append(command.IgnoresFailure ? " || true\n" : "\n");
        }
        return script.Append($"exec {Line(unit.Start[0], user, group, environment)}\n").ToString();
    }

    // setpriv is in util-linux, which is essential.
    static string Line(UnitCommand command, string? user, string group, IReadOnlyDictionary<string, string> environment)
    {
        var privileges = user is null || command.IsPrivileged ? "" : $"setpriv --reuid={Quoted(user)} --regid={group} --init-groups ";
        var assignments = environment.Select(variable => Quoted($"{variable.Key}={variable.Value}"));
        return $"{privileges}env -i {string.Join(' ', assignments.Concat(command.Resolve(environment).Select(Quoted)))}";
    }

    static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    static void Add(Dictionary<string, string> environment, IEnumerable<string> assignments)
    {
        foreach (var parts in assignments.Select(assignment => assignment.Split('=', 2)).Where(parts => parts.Length == 2))
        {
            environment[parts[0]] = parts[1];
        }
    }
}
