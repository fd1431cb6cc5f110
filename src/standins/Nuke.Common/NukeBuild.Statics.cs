using System.Reflection;
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Parameters;

namespace Nuke.Common;

public abstract partial class NukeBuild
{
    const string NukeDirectoryName = ".nuke";

    // An error here ends the process with exit code 134, as with NUKE, because no build exists yet to report it.
    static NukeBuild()
    {
        RootDirectory = FindRootDirectory();
        TemporaryDirectory = (NukeDirectory / "temp").CreateDirectory();

        BuildAssemblyFile = Assembly.GetEntryAssembly() is { Location.Length: > 0 } assembly ? assembly.Location : null;
        BuildAssemblyDirectory = BuildAssemblyFile?.Parent;
        BuildProjectFile = FindProjectFile(BuildAssemblyDirectory);
        BuildProjectDirectory = BuildProjectFile?.Parent;

        Verbosity = (Verbosity?)ParameterSources.Lookup(nameof(Verbosity), typeof(Verbosity?), null) ?? Verbosity.Normal;
        Host = (Host)ParameterSources.Lookup(nameof(Host), typeof(Host), null) ?? Host.Detect();
        LoadedLocalProfiles = (string[])ParameterSources.Lookup("Profile", typeof(string[]), null) ?? [];
    }

    [Parameter("Root directory during build execution.", Name = "Root")]
    public static AbsolutePath RootDirectory { get; }

    /// <summary><c>.nuke/temp</c>; it exists.</summary>
    public static AbsolutePath TemporaryDirectory { get; }

    public static AbsolutePath BuildAssemblyFile { get; }
    public static AbsolutePath BuildAssemblyDirectory { get; }
    public static AbsolutePath BuildProjectDirectory { get; }
    public static AbsolutePath BuildProjectFile { get; }

    [Parameter("Logging verbosity during build execution. Default is 'Normal'.")]
    public static Verbosity Verbosity
    {
        get => Logging.Verbosity;
        set => Logging.Verbosity = value;
    }

    [Parameter("Host for execution. Default is 'automatic'.")]
    public static Host Host { get; set; }

    [Parameter("Defines the profiles to load.", Name = "Profile")]
    public static string[] LoadedLocalProfiles { get; }

    public static bool IsLocalBuild => !IsServerBuild;
    public static bool IsServerBuild => Host is IBuildServer;

    internal static AbsolutePath NukeDirectory => RootDirectory / NukeDirectoryName;

    static AbsolutePath FindRootDirectory()
    {
        if (ParameterSources.Lookup("Root", typeof(AbsolutePath), null) is AbsolutePath given)
            return given;
        if (EnvironmentInfo.HasArgument("Root"))
            return EnvironmentInfo.WorkingDirectory;

        // NUKE keeps its global files in ~/.nuke, so a home directory is not a root.
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var root = Ancestors(EnvironmentInfo.WorkingDirectory).FirstOrDefault(x => (x / NukeDirectoryName).DirectoryExists());
        return (root == home ? null : root).NotNull(
            $"Could not locate '{NukeDirectoryName}' directory/file while walking up from '{EnvironmentInfo.WorkingDirectory}'."
                + $"{Environment.NewLine}Either create a directory/file to mark the root directory, "
                + "or add '--root [path]' to the invocation."
        );
    }

    static AbsolutePath FindProjectFile(AbsolutePath directory)
    {
        foreach (var ancestor in Ancestors(directory))
        {
            var projects = Directory.GetFiles(ancestor, "*.csproj");
            if (projects.Length > 1)
                throw new InvalidOperationException($"Found multiple project files in '{ancestor}'.");
            if (projects.Length == 1)
                return projects[0];
        }
        return null;
    }

    static IEnumerable<AbsolutePath> Ancestors(AbsolutePath path)
    {
        for (; path != null; path = path.Parent)
            yield return path;
    }
}
