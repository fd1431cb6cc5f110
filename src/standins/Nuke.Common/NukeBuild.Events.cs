using System.Reflection;
using Nuke.Common.Execution;

namespace Nuke.Common;

public abstract partial class NukeBuild
{
    internal void ExecuteExtension<TExtension>(Action<TExtension> action)
        where TExtension : IBuildExtension
    {
        var extensions = GetType().GetCustomAttributes<BuildExtensionAttributeBase>().ToList();
        foreach (var extension in extensions)
            extension.Build = this;
        foreach (var extension in extensions.OfType<TExtension>().OrderByDescending(x => x.Priority))
            action(extension);
    }

    /// <summary>The parameters have their values; there is no plan yet.</summary>
    protected internal virtual void OnBuildCreated() { }

    /// <summary>The plan is made; requirements are checked after this.</summary>
    protected internal virtual void OnBuildInitialized() { }

    /// <summary>The summary is written.</summary>
    protected internal virtual void OnBuildFinished() { }

    protected internal virtual void OnTargetRunning(string target) { }

    protected internal virtual void OnTargetSkipped(string target) { }

    protected internal virtual void OnTargetSucceeded(string target) { }

    protected internal virtual void OnTargetFailed(string target) { }
}
