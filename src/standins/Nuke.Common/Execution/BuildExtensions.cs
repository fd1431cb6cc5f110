namespace Nuke.Common.Execution;

public interface IBuildExtension
{
    /// <summary>Those with higher ones are first.</summary>
    float Priority { get; }
}

/// <summary>Targets and their neighbours are known; nothing is planned yet.</summary>
public interface IOnBuildCreated : IBuildExtension
{
    void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets);
}

/// <summary>An attribute of a build that takes part in its run.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class BuildExtensionAttributeBase : Attribute, IBuildExtension
{
    public INukeBuild Build { get; internal set; }
    public virtual float Priority { get; set; }
}
