using Debyard.Pipeline.Artifacts;

namespace Debyard.Pipeline.Steps;

/// <summary>Packs the manifest's folders, without an engine.</summary>
sealed class PackStep(RunPlan plan, ArtifactStore store, ExtractStep extract, Action<string> log)
{
    /// <exception cref="PipelineException">There is nothing to pack, or something is wrong with it.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var folders = plan.Graph.Images.Where(image => image.IsFolder).ToList();
        if (folders.Count == 0)
        {
            throw new PipelineException(
                $"{Path.GetFileName(plan.Manifest.File)} has nothing to pack here: no chosen entry has 'pack' with 'from', the folder to "
                    + "pack (docs/packing.md). The packages of images are packed by Extract and Package."
            );
        }
        await extract.ExtractAsync(folders, [], cancellation);
        foreach (var image in folders)
        {
            foreach (var artifact in store.Find(image)!.Artifacts)
            {
                log($"{image.Id}: {store.PathOf(image, artifact)}");
            }
        }
    }
}
