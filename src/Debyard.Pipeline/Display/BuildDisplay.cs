namespace Debyard.Pipeline.Display;

/// <summary>Shows the progress of builds. Several builds may begin and end at the same time.</summary>
public abstract class BuildDisplay
{
    /// <summary>Announces images to build, in addition to those announced before.</summary>
    public virtual void Plan(int images) { }

    public virtual void Begin(BuildLog build) { }

    public virtual void Complete(BuildLog build) { }

    /// <summary>Ends the display of the announced images, built or not.</summary>
    public virtual void Finish() { }

    /// <summary>Prints log lines; a run prints all of its lines this way.</summary>
    public virtual void Write(Action print) => print();
}
