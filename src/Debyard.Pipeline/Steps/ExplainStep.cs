using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Steps;

/// <summary>Logs why each dependency and package would be built or not, and what the lint finds. Builds nothing.</summary>
sealed class ExplainStep(RunPlan plan, ArtifactStore store, DockerfileInspection inspection, Action<string> log)
{
    public void Run()
    {
        var explanation = new Explanation(store);
        foreach (var image in plan.Graph.Of(ImageKind.Dependency, ImageKind.Package))
        {
            foreach (var line in explanation.Of(image))
            {
                log(line);
            }
        }
        foreach (var image in plan.Graph.Images)
        {
            inspection.Inspect(image);
        }
    }
}
