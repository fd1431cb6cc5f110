using System.Globalization;
using System.Text;

namespace Debyard.Pipeline.Display;

/// <summary>
/// For a GitLab job: what the building of an image printed, in a section of its own that is closed at first. It is printed at the
/// image's end and in one piece, as sections of images that are built at the same time would lie across each other.
/// https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections
/// </summary>
public sealed class GitLabSections(TextWriter output, Action<string> say) : PlainLines(say)
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
            .Append(CultureInfo.InvariantCulture, $"{build.Image.Id}: what its build printed\n");
        if (count > last.Count)
        {
            // A job's log has a limit, and a hundred compilers' output is beyond it.
            block.Append(CultureInfo.InvariantCulture, $"(the last {last.Count} of {count} lines; all are in {build.Path})\n");
        }
        foreach (var line in last)
        {
            block.Append(line).Append('\n');
        }
        block.Append(CultureInfo.InvariantCulture, $"{ClearLine}section_end:{ended.ToUnixTimeSeconds()}:build_{name}\r{ClearLine}\n");
        output.Write(block.ToString());
    }
}
