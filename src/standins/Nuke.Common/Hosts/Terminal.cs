namespace Nuke.Common.Execution;

/// <summary>A developer's machine: missing parameters are asked for, log files are kept.</summary>
public class Terminal : Host
{
    public static bool IsRunningTerminal => true;
}

public class Rider : Terminal
{
    internal static bool IsRunningRider =>
        IsSet("IDEA_INITIAL_DIRECTORY")
        || Contains("XPC_SERVICE_NAME", "com.jetbrains.rider")
        || Contains("TERMINAL_EMULATOR", "JetBrains-JediTerm");

    internal static bool IsSet(string variable) => !string.IsNullOrEmpty(EnvironmentInfo.GetVariable(variable));

    static bool Contains(string variable, string text) =>
        EnvironmentInfo.GetVariable(variable)?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
}

public class VSCode : Terminal
{
    internal static bool IsRunningVSCode => Rider.IsSet("VSCODE_GIT_IPC_HANDLE") || Rider.IsSet("VSCODE_PID");
}

public class VisualStudio : Terminal
{
    internal static bool IsRunningVisualStudio => Rider.IsSet("VisualStudioVersion");
}
