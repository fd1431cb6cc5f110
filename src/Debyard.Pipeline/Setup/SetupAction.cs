namespace Debyard.Pipeline.Setup;

/// <summary>One thing that <c>Setup</c> does.</summary>
public abstract record SetupAction
{
    /// <summary>Installs Debian packages.</summary>
    public sealed record Install(IReadOnlyList<string> Packages) : SetupAction;

    /// <summary>Starts the Docker engine and waits until it answers.</summary>
    /// <param name="BySystemd">Otherwise as a separate process.</param>
    public sealed record StartEngine(bool BySystemd) : SetupAction;

    /// <summary>Fails, because only the user can do the rest.</summary>
    public sealed record Fail(string Message) : SetupAction;
}
