using System.Collections.ObjectModel;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Nuke.Common.IO;
using Nuke.Common.Parameters;

namespace Nuke.Common;

public enum PlatformFamily
{
    Unknown,
    Windows,
    Linux,
    OSX,
}

public static class EnvironmentInfo
{
    internal static CommandLine CommandLine { get; } = new([.. Environment.GetCommandLineArgs().Skip(1)]);

    public static string NewLine => Environment.NewLine;
    public static string MachineName => Environment.MachineName;
    public static IReadOnlyCollection<string> CommandLineArguments => CommandLine.Arguments;

    public static AbsolutePath WorkingDirectory
    {
        get => Environment.CurrentDirectory;
        set => Environment.CurrentDirectory = value;
    }

    public static bool IsArm64 => RuntimeInformation.OSArchitecture == Architecture.Arm64;
    public static bool Is64Bit => RuntimeInformation.OSArchitecture is Architecture.X64 or Architecture.Arm64;
    public static bool Is32Bit => !Is64Bit;
    public static bool IsLinux => Platform == PlatformFamily.Linux;
    public static bool IsOsx => Platform == PlatformFamily.OSX;
    public static bool IsUnix => IsLinux || IsOsx;
    public static bool IsWin => !IsUnix;

    public static PlatformFamily Platform =>
        OperatingSystem.IsLinux() ? PlatformFamily.Linux
        : OperatingSystem.IsMacOS() ? PlatformFamily.OSX
        : OperatingSystem.IsWindows() ? PlatformFamily.Windows
        : PlatformFamily.Unknown;

    public static FrameworkName Framework =>
        new(Assembly.GetEntryAssembly().NotNull().GetCustomAttribute<TargetFrameworkAttribute>().NotNull().FrameworkName);

    public static ReadOnlyDictionary<string, string> Variables
    {
        get
        {
            var variables = new Dictionary<string, string>();
            foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
                variables[(string)variable.Key] = (string)variable.Value;
            return variables.AsReadOnly();
        }
    }

    public static bool HasVariable(string name, bool allowEmpty = true) =>
        GetVariable(name) is { } value && (allowEmpty || value.Length > 0);

    public static string GetVariable(string name) => Environment.GetEnvironmentVariable(name);

    public static T GetVariable<T>(string name, char? separator = null) =>
        GetVariable(name) is { } text && ParameterValue.Convert(text, typeof(T), separator) is { } value ? (T)value : default;

    public static void SetVariable(string name, string value) => Environment.SetEnvironmentVariable(name, value);

    public static void SetVariable<T>(string name, T value) => SetVariable(name, value.ToString());

    public static void RemoveVariable(string name) => SetVariable(name, null);

    public static bool HasArgument(string name) => CommandLine.Has(name);

    public static T GetNamedArgument<T>(string parameterName, char? separator = null) =>
        (T)(CommandLine.Named(parameterName, typeof(T), separator) ?? default(T));
}
