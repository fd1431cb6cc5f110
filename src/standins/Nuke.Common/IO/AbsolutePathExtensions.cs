using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Nuke.Common.IO;

public static partial class AbsolutePathExtensions
{
    static readonly string[] fileWords = ["file", "executable", "exe", "script", "archive"];
    static readonly string[] directoryWords = ["directory", "dir", "folder"];

    public static bool FileExists(this AbsolutePath path) => File.Exists(path);

    public static bool DirectoryExists(this AbsolutePath path) => Directory.Exists(path);

    /// <summary>Whether the file or directory exists; the argument's name decides which: <c>logFile.Exists()</c>.</summary>
    public static bool Exists(this AbsolutePath path, [CallerArgumentExpression(nameof(path))] string expression = null)
    {
        if (fileWords.Any(x => expression.EndsWith(x, StringComparison.OrdinalIgnoreCase)))
            return path.FileExists();
        if (directoryWords.Any(x => expression.EndsWith(x, StringComparison.OrdinalIgnoreCase)))
            return path.DirectoryExists();
        throw new ArgumentException($"Cannot infer from argument '{expression}' if either file or directory must exist");
    }

    public static bool ContainsFile(this AbsolutePath path, string pattern, SearchOption options = SearchOption.TopDirectoryOnly) =>
        Directory.EnumerateFiles(path, pattern, options).Any();

    public static bool ContainsDirectory(this AbsolutePath path, string pattern, SearchOption options = SearchOption.TopDirectoryOnly) =>
        Directory.EnumerateDirectories(path, pattern, options).Any();

    public static AbsolutePath ExistingFile(this AbsolutePath path) => path.FileExists() ? path : null;

    public static AbsolutePath ExistingDirectory(this AbsolutePath path) => path.DirectoryExists() ? path : null;

    public static AbsolutePath CreateDirectory(this AbsolutePath path)
    {
        Directory.CreateDirectory(path);
        return path;
    }

    public static AbsolutePath CreateOrCleanDirectory(this AbsolutePath path)
    {
        path.DeleteDirectory();
        return path.CreateDirectory();
    }

    public static AbsolutePath TouchFile(this AbsolutePath path, DateTime? time = null, bool createDirectories = true)
    {
        if (createDirectories)
            path.Parent.CreateDirectory();
        if (!path.FileExists())
            File.WriteAllBytes(path, []);
        File.SetLastWriteTime(path, time ?? DateTime.Now);
        return path;
    }

    public static void DeleteFile(this AbsolutePath path)
    {
        if (!path.FileExists())
            return;
        File.SetAttributes(path, FileAttributes.Normal);
        File.Delete(path);
    }

    public static void DeleteDirectory(this AbsolutePath path)
    {
        if (!path.DirectoryExists())
            return;
        foreach (var file in Directory.GetFiles(path, "*", SearchOption.AllDirectories))
            File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(path, recursive: true);
    }

    public static void DeleteFiles(this IEnumerable<AbsolutePath> paths)
    {
        foreach (var path in paths)
            path.DeleteFile();
    }

    public static void DeleteDirectories(this IEnumerable<AbsolutePath> paths)
    {
        foreach (var path in paths)
            path.DeleteDirectory();
    }

    public static IEnumerable<AbsolutePath> GetFiles(
        this AbsolutePath path,
        string pattern = "*",
        int depth = 1,
        FileAttributes attributes = 0
    ) =>
        depth == 0
            ? []
            : Entries(Directory.EnumerateFiles(path, pattern), attributes)
                .Concat(path.GetDirectories(depth: depth - 1).SelectMany(x => x.GetFiles(pattern, attributes: attributes)));

    public static IEnumerable<AbsolutePath> GetDirectories(
        this AbsolutePath path,
        string pattern = "*",
        int depth = 1,
        FileAttributes attributes = 0
    )
    {
        string[] level = [path];
        for (; depth > 0 && level.Length > 0; depth--)
        {
            foreach (var directory in level.SelectMany(x => Entries(Directory.EnumerateDirectories(x, pattern), attributes)))
                yield return directory;
            level = [.. level.SelectMany(Directory.GetDirectories)];
        }
    }

    public static bool HasExtension(this AbsolutePath path, string extension, params string[] alternativeExtensions) =>
        alternativeExtensions.Prepend(extension).Any(x => path.ToString().EndsWith(x, StringComparison.OrdinalIgnoreCase));

    public static AbsolutePath WithExtension(this AbsolutePath path, string extension) =>
        path.Parent / Path.ChangeExtension(path.Name, extension);

    public static FileInfo ToFileInfo(this AbsolutePath path) => path is null ? null : new FileInfo(path);

    public static DirectoryInfo ToDirectoryInfo(this AbsolutePath path) => path is null ? null : new DirectoryInfo(path);

#pragma warning disable CA5351 // NUKE's choice: tells versions of a file apart, protects nothing
    public static string GetFileHash(this AbsolutePath path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(MD5.HashData(stream));
    }
#pragma warning restore CA5351

    static IEnumerable<AbsolutePath> Entries(IEnumerable<string> paths, FileAttributes attributes) =>
        paths.Where(x => (File.GetAttributes(x) & attributes) == attributes).Order().Select(AbsolutePath.Create);
}
