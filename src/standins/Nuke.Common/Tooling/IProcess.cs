using System.Collections.Concurrent;
using System.Diagnostics;

namespace Nuke.Common.Tooling;

public delegate T Configure<T>(T options);

public enum OutputType
{
    Std,
    Err,
}

/// <summary>A line a process has written.</summary>
public struct Output
{
    public OutputType Type;
    public string Text;
}

public interface IProcess : IDisposable
{
    string FileName { get; }

    /// <summary>Without the secrets among them.</summary>
    string Arguments { get; }
    string WorkingDirectory { get; }
    IReadOnlyCollection<Output> Output { get; }
    int ExitCode { get; }
    bool HasExited { get; }
    int Id { get; }

    void Kill();

    /// <summary>Waits as long as the process may take, then kills it.</summary>
    /// <returns>Whether it ended by itself.</returns>
    bool WaitForExit();
}

sealed class ToolProcess(Process process, int? timeout, Func<string, string> outputFilter, ConcurrentQueue<Output> output) : IProcess
{
    public string FileName => process.StartInfo.FileName;
    public string Arguments => outputFilter(process.StartInfo.Arguments);
    public string WorkingDirectory => process.StartInfo.WorkingDirectory;
    public IReadOnlyCollection<Output> Output => output;
    public int ExitCode => process.ExitCode;
    public bool HasExited => process.HasExited;
    public int Id => process.Id;

    public void Kill() => process.Kill();

    public bool WaitForExit()
    {
        var hasExited = process.WaitForExit(timeout ?? Timeout.Infinite);
        if (!hasExited)
            process.Kill();
        return hasExited;
    }

    public void Dispose() => process.Dispose();
}
