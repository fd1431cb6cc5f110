using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Manifests;

sealed partial class ManifestNames
{
    /// <summary>A folder, relative to the manifest. One with a variable is looked for when it is packed.</summary>
    public string Folder(string folder, YamlNode node)
    {
        var isVariable = folder.Contains("${", StringComparison.Ordinal);
        if (Inside(folder, node) is { } path && !isVariable && !Directory.Exists(path))
        {
            mistakes.Add(node, $"there is no folder {folder}");
        }
        return folder.TrimEnd('/');
    }

    /// <summary>A file, a folder or a pattern, relative to the manifest. What a pattern matches is looked for when it is packed.</summary>
    public string Source(string source, YamlNode node)
    {
        var isPattern = source.AsSpan().ContainsAny('*', '?', '[') || source.Contains("${", StringComparison.Ordinal);
        if (Inside(source, node) is { } path && !isPattern && !System.IO.File.Exists(path) && !Directory.Exists(path))
        {
            mistakes.Add(node, $"there is no file or folder {source}");
        }
        return source;
    }

    /// <summary>The file if the manifest's folder has it; null if not.</summary>
    public string? IfExists(string file) => System.IO.File.Exists(Path.Combine(directory, file)) ? file : null;
}
