using System.Globalization;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Validation.Checks;

/// <summary>The checks that run commands where the services run: one attempt each.</summary>
sealed class ContainerChecks(CheckContext context)
{
    // timeout(1): the command was ended.
    const int TimedOut = 124;

    const int LongestContent = 16 << 20;

    // What the link says, or an empty line; then what the path leads to.
    const string Examine = """
        readlink -- "$1" || echo
        stat --dereference --printf='%F\n%U\n%G\n%a\n' -- "$1" 2>/dev/null || echo missing
        """;

    readonly TextComparison texts = new(context);

    public async Task<Difference?> TryAsync(CommandCheck check, CancellationToken cancellation)
    {
        var command = check.Command.Select(context.WithPort);
        var result = await RunAsync(check.ByShell ? ["sh", "-c", .. command] : [.. command], check.Timeout, cancellation);
        if (result.ExitCode == TimedOut && check.ExitCode != TimedOut)
        {
            return new Difference(
                $"exit code {check.ExitCode}",
                $"no end within {check.Timeout.TotalSeconds:0.###} s: {Shown(result.Output)}"
            );
        }
        return result.ExitCode != check.ExitCode
            ? new Difference($"exit code {check.ExitCode}", $"exit code {result.ExitCode}: {Shown(result.Output)}")
            : texts.Find(check.Output, result.Output, "output");
    }

    public async Task<Difference?> TryAsync(FileCheck check, CancellationToken cancellation)
    {
        var result = await RunAsync(["sh", "-c", Examine, "sh", check.Path], check.Timeout, cancellation);
        if (result.Output.Split('\n') is not [var target, var type, .. var rest])
        {
            return new Difference($"file {check.Path}", Shown(result.Output));
        }
        var isMissing = type == "missing";
        if (check.Absent)
        {
            return isMissing && target.Length == 0
                ? null
                : new Difference("no such file", isMissing ? $"a broken link to {target}" : $"a {type}");
        }
        if (check.Symlink is { } symlink && symlink != target)
        {
            return new Difference(
                $"a link to {symlink}",
                target.Length > 0 ? $"a link to {target}"
                    : isMissing ? "no such file"
                    : $"a {type}"
            );
        }
        if (isMissing)
        {
            return check.Symlink is not null && check is { Owner: null, Group: null, Mode: null, Content.IsEmpty: true }
                ? null
                : new Difference("a file", target.Length > 0 ? $"a broken link to {target}" : "no such file");
        }
        return Find("owner", check.Owner, rest[0])
            ?? Find("group", check.Group, rest[1])
            ?? Find("mode", check.Mode, rest[2])
            ?? (check.Content.IsEmpty ? null : await ContentAsync(check, cancellation));
    }

    public async Task<Difference?> TryAsync(LogCheck check, CancellationToken cancellation)
    {
        var service = context.Services.FirstOrDefault(service => service.Name == check.Service);
        return service is null
            ? new Difference(
                $"a service {check.Service}",
                context.Services.Count == 0 ? "none" : string.Join(", ", context.Services.Select(service => service.Name))
            )
            : texts.Find(check.Lines, await service.ReadLog(cancellation), "a log");
    }

    public async Task<Difference?> TryAsync(UnitsCheck check, CancellationToken cancellation)
    {
        var result = await RunAsync(["systemctl", "--failed", "--no-legend", "--plain", "--full"], check.Timeout, cancellation);
        return result.ExitCode != 0 ? new Difference("a running systemd", Shown(result.Output))
            : result.Output.Trim().Length > 0
                ? new Difference(
                    "no failed unit",
                    string.Join(", ", result.Output.Trim().Split('\n').Select(line => line.Trim().Split(' ')[0]))
                )
            : null;
    }

    static Difference? Find(string what, string? expected, string got) =>
        expected is null || expected == got ? null : new Difference($"{what} {expected}", $"{what} {got}");

    async Task<Difference?> ContentAsync(FileCheck check, CancellationToken cancellation)
    {
        var result = await RunAsync(["head", "-c", $"{LongestContent}", "--", check.Path], check.Timeout, cancellation);
        return result.ExitCode == 0 ? texts.Find(check.Content, result.Output, "content") : new Difference("content", Shown(result.Output));
    }

    // The engine cannot end a command, so it runs under timeout(1).
    Task<CommandResult> RunAsync(IEnumerable<string> command, TimeSpan limit, CancellationToken cancellation) =>
        context.Run(["timeout", "--kill-after=2", limit.TotalSeconds.ToString(CultureInfo.InvariantCulture), .. command], cancellation);

    string Shown(string output) => Difference.Beginning(context.Secrets.Mask(output));
}
