using Debyard.Pipeline.Checks;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Steps;

/// <summary>Warns of what the lint finds, once for each Dockerfile, however many architectures it is built for.</summary>
sealed class DockerfileInspection(DockerfileLint lint, Action<string> warn)
{
    readonly HashSet<string> inspected = [];

    public void Inspect(Image image)
    {
        if (image.Context is not { } context)
        {
            return;
        }
        lock (inspected)
        {
            if (!inspected.Add(context.Name))
            {
                return;
            }
        }
        foreach (var finding in lint.Findings(context))
        {
            warn(finding);
        }
    }
}
