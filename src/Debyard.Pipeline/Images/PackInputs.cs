using System.Globalization;
using System.Security.Cryptography;
using Debyard.Debian.Packages;
using Debyard.Pipeline.Packing;

namespace Debyard.Pipeline.Images;

/// <summary>What decides how a tree is packed: the section, the files that it names, and for a folder all of its files.</summary>
static class PackInputs
{
    // Raise it when the same section makes other bytes: packages are packed again then, and no image is built again.
    const string Format = "1";

    public static IEnumerable<Input> Of(PackJob job)
    {
        var section = job.Section;
        yield return new Input("packing", $"{Format} {job.Name} {job.Libc}");
        yield return new Input("pack section", section.Text);
        yield return new Input("version", job.Version);
        yield return new Input("time", job.Time?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? "of the image");
        foreach (var source in section.Sources.Select(job.Expand).Distinct().Order(StringComparer.Ordinal))
        {
            foreach (var (file, below) in PackSources.Of(job.Directory, source))
            {
                yield return new Input($"pack {source}: {below}", Content(file));
            }
        }
        if (section.From is { } from)
        {
            var folder = job.Expand(from);
            foreach (var entry in TreeSource.OfFolder(job.PathOf(folder), folder).Entries)
            {
                yield return new Input(folder + entry.Path, Content(entry));
            }
        }
    }

    static string Content(DebEntry entry)
    {
        if (entry is not DebFileEntry file)
        {
            return entry is DebSymlink link ? $"link {link.Target}" : "folder";
        }
        using var content = file.Open();
        var kind = file.Mode.HasFlag(UnixFileMode.UserExecute) ? "executable" : "file";
        return $"{kind} {Convert.ToHexStringLower(SHA256.HashData(content))}";
    }

    static string Content(string file) =>
        Content(new FileInfo(file).LinkTarget is { } target ? new DebSymlink(file, target) : TreeSource.OfFile(file, file));
}
