using System.Globalization;
using System.Text;

namespace Debyard.Pipeline.Display;

/// <summary>
/// For a GitLab job: the output of each build in a collapsed section. A section is printed in one piece when the build ends, because
/// sections of builds that run at the same time would overlap.
/// https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections
/// </summary>
public sealed class GitLabSections(TextWriter output, Action<string> log) : PlainLines(log)
{
    const string ClearLine = "\e[0K";

    public override void Complete(BuildLog build)
    {
        base.Complete(build);
        var name = string.Concat(build.Image.Id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
        var ended = build.Begun + build.Elapsed;
        var (count, last) = build.Lines;
        var block = new StringBuilder()
            .Append(
                CultureInfo.InvariantCulture,
                $"{ClearLine}section_start:{build.Begun.ToUnixTimeSeconds()}:build_{name}[collapsed=true]\r{ClearLine}"
            )
            .Append(CultureInfo.InvariantCulture, $"{build.Image.Id}: build output\n");
        if (count > last.Count)
        {
            // GitLab limits the size of a job's log.
            block.Append(CultureInfo.InvariantCulture, $"(last {last.Count} of {count} lines; complete log: {build.Path})\n");
        }
        foreach (var line in last)
        {
            block.Append(line).Append('\n');
        }
        block.Append(CultureInfo.InvariantCulture, $"{ClearLine}section_end:{ended.ToUnixTimeSeconds()}:build_{name}\r{ClearLine}\n");
        output.Write(block.ToString());
    }
}
