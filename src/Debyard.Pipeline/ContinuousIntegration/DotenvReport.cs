namespace Debyard.Pipeline.ContinuousIntegration;

/// <summary>
/// Tells GitLab where the branch's packages are. https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv
/// </summary>
public static class DotenvReport
{
    public const string SourcesUrl = "DEBYARD_SOURCES_URL";
    public const string File = "output/debyard.env";

    /// <param name="outputFolder">The folder <c>output</c>.</param>
    /// <param name="sources">The URL of the branch's <c>.sources</c> file.</param>
    public static void Write(string outputFolder, Uri sources) =>
        System.IO.File.WriteAllText(Path.Combine(outputFolder, Path.GetFileName(File)), $"{SourcesUrl}={sources.AbsoluteUri}\n");
}
