using System.Reflection;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using Serilog;

namespace Nuke.Common.CI;

public static class BuildServerConfigurationGeneration
{
    public const string ConfigurationParameterName = "generate-configuration";

    public static bool IsActive { get; } = EnvironmentInfo.GetNamedArgument<string>(ConfigurationParameterName) != null;
}

public class BuildServerConfigurationGenerationAttributeBase : BuildExtensionAttributeBase
{
    protected static IEnumerable<IConfigurationGenerator> GetGenerators(INukeBuild build)
    {
        foreach (var generator in build.GetType().GetCustomAttributes<ConfigurationAttributeBase>())
        {
            generator.Build = build;
            yield return generator;
        }
    }
}

/// <summary><c>--generate-configuration ID</c>: generates one configuration and ends the process.</summary>
public class GenerateBuildServerConfigurationsAttribute : BuildServerConfigurationGenerationAttributeBase, IOnBuildCreated
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        var id = EnvironmentInfo.GetNamedArgument<string>(BuildServerConfigurationGeneration.ConfigurationParameterName);
        if (id == null)
            return;
        IConfigurationGenerator[] generators = [.. GetGenerators(Build).Where(x => x.Id == id)];
        Assert.True(generators.Length < 2, $"Found multiple {nameof(IConfigurationGenerator)} with same ID '{id}'.");
        generators.SingleOrDefault().NotNull("generator != null").Generate(executableTargets);
        Environment.Exit(0);
    }
}

/// <summary>On a local run: generates the configurations in processes of their own, and waits for a key where one has changed.</summary>
public class InvokeBuildServerConfigurationGenerationAttribute : BuildServerConfigurationGenerationAttributeBase, IOnBuildCreated
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        if (Build.IsServerBuild)
            return;
        bool[] changed = [.. GetGenerators(Build).Where(x => x.AutoGenerate).AsParallel().Select(HasChanged)];
        if (!changed.Contains(true) || Build.Help || Console.IsInputRedirected)
            return;
        Host.Information("Press any key to continue ...");
        Console.ReadKey();
    }

    bool HasChanged(IConfigurationGenerator generator)
    {
        AbsolutePath[] files = [.. generator.GeneratedFiles];
        foreach (var file in files)
            file.Parent.CreateDirectory();
        var before = files.Where(x => x.FileExists()).ToDictionary(x => x, x => x.GetFileHash());
        ProcessTasks
            .StartProcess(
                Build.BuildAssemblyFile,
                $"--{BuildServerConfigurationGeneration.ConfigurationParameterName} {generator.Id} --host {generator.HostName}",
                logInvocation: false,
                logOutput: false
            )
            .AssertZeroExitCode();
        AbsolutePath[] changed = [.. files.Where(x => x.GetFileHash() != before.GetValueOrDefault(x))];
        if (changed.Length == 0)
            return false;
        Log.Warning("Configuration files for {Configuration} have changed.", generator.DisplayName);
        foreach (var file in changed)
            Log.Verbose("Updated {File}", Build.RootDirectory.GetRelativePathTo(file));
        return true;
    }
}
