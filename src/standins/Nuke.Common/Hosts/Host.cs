using Nuke.Common.CI.GitLab;
using Nuke.Common.Execution;
using Nuke.Common.Hosts;

namespace Nuke.Common;

/// <summary>Where the build runs. It decides how the output looks and whether the user can be asked.</summary>
public abstract partial class Host
{
    static readonly (Type Type, Func<bool> IsRunning, Func<Host> Create)[] known =
    [
        (typeof(GitLab), () => GitLab.IsRunningGitLab, () => new GitLab()),
        (typeof(Rider), () => Rider.IsRunningRider, () => new Rider()),
        (typeof(VSCode), () => VSCode.IsRunningVSCode, () => new VSCode()),
        (typeof(VisualStudio), () => VisualStudio.IsRunningVisualStudio, () => new VisualStudio()),
        (typeof(Terminal), () => Terminal.IsRunningTerminal, () => new Terminal()),
    ];

    protected Host() => Instance = this;

    internal static Host Instance { get; private set; }

    internal virtual Theme Theme => Theme.Default;

    internal static Host Detect() => known.First(x => x.IsRunning()).Create();

    /// <summary><c>--host gitlab</c>: the end of a type's full name.</summary>
    internal static Host TryCreate(string name) =>
        known.Where(x => x.Type.FullName!.EndsWith(name, StringComparison.OrdinalIgnoreCase)).Take(2).ToArray() is [var match]
            ? match.Create()
            : null;

    internal static void Success(string text = null) => Write(Style.Success, text);

    internal static void Verbose(string text = null) => Write(Style.Verbose, text);

    internal static void Debug(string text = null) => Write(Style.Debug, text);

    internal static void Information(string text = null) => Write(Style.Information, text);

    internal static void Warning(string text = null) => Write(Style.Warning, text);

    internal static void Error(string text = null) => Write(Style.Error, text);

    static void Write(Style style, string text) => (Instance?.Theme ?? Theme.Default).WriteLine(style, text);

    /// <summary>Whether blocks are the host's own, so that <see cref="DefaultOutput.TargetCollapse"/> is what turns them off.</summary>
    internal virtual bool CollapsesBlocks => false;

    /// <summary>Starts a block of output; disposing ends it.</summary>
    protected internal virtual IDisposable WriteBlock(string text)
    {
        Debug();
        Debug("╬" + new string('═', text.Length + 5));
        Debug($"║ {Theme.Format(Style.Information, text)}");
        Debug("╬" + new string('═', Math.Max(text.Length - 4, 2)));
        Debug();
        return Block.WithoutEnd;
    }

    internal sealed class Block(Action end) : IDisposable
    {
        public static Block WithoutEnd { get; } = new(() => { });

        public void Dispose() => end();
    }
}
