using System.Security.Cryptography;
using System.Text;
using Nuke.Common.Hosts;

namespace Nuke.Common.CI.GitLab;

public enum GitLabProjectVisibility
{
    Private,
    Internal,
    Public,
}

/// <summary>A GitLab job: each target is a collapsible section of its log.</summary>
[CI]
public partial class GitLab : Host, IBuildServer
{
    const string ClearLine = "\e[0K";

    internal GitLab() { }

    /// <summary>The job this build runs in; null elsewhere.</summary>
    public static new GitLab Instance => Host.Instance as GitLab;

    internal static bool IsRunningGitLab => EnvironmentInfo.HasVariable("GITLAB_CI");

    string IBuildServer.Branch => CommitRefName;
    string IBuildServer.Commit => CommitSha;

    internal override Theme Theme => AnsiTheme.Instance;
    internal override bool CollapsesBlocks => true;

    // https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections
    public void BeginSection(string text, bool collapsed = true) =>
        Console.WriteLine(
            $"{ClearLine}section_start:{Now}:{SectionId(text)}[collapsed={(collapsed ? "true" : "false")}]\r{ClearLine}{text}"
        );

    public void EndSection(string text) => Console.WriteLine($"{ClearLine}section_end:{Now}:{SectionId(text)}\r{ClearLine}");

    protected internal override IDisposable WriteBlock(string text)
    {
        BeginSection(text);
        return new Block(() => EndSection(text));
    }

    static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

#pragma warning disable CA5351 // a name for a section, the one NUKE gives it
    static string SectionId(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    static string Variable(string name) => EnvironmentInfo.GetVariable(name);

    static T Variable<T>(string name) => EnvironmentInfo.GetVariable<T>(name);
}
