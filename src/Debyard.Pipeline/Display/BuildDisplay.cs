namespace Debyard.Pipeline.Display;

/// <summary>Shows how building goes. Several builds may begin and end at the same time.</summary>
public abstract class BuildDisplay
{
    /// <summary>So many images are to be built.</summary>
    public virtual void Plan(int images) { }

    public virtual void Begin(BuildLog build) { }

    public virtual void Complete(BuildLog build) { }

    /// <summary>All that was planned has been built, or will not be.</summary>
    public virtual void Finish() { }

    /// <summary>Prints lines meant to stay; every line of a run that builds goes through here.</summary>
    public virtual void Write(Action print) => print();
}
