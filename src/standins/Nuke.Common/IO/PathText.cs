namespace Nuke.Common.IO;

/// <summary>Paths as text, of Unix and of Windows on either: roots, separators, dots.</summary>
static class PathText
{
    static readonly char[] separators = ['/', '\\'];

    public static bool IsRooted(string path) => Root(path) != null;

    /// <returns><c>/</c>, <c>C:</c>, <c>\\server</c>, or null.</returns>
    public static string Root(string path) =>
        path switch
        {
            null => null,
            ['/', ..] => "/",
            [var letter, ':', ..] when char.IsLetter(letter) => path[..2],
            ['\\', '\\', var first, ..] when char.IsLetterOrDigit(first) => path.IndexOf('\\', 2) is > 0 and var end ? path[..end] : path,
            _ => null,
        };

    public static char SeparatorOf(string path) =>
        Root(path) switch
        {
            "/" => '/',
            null => Path.DirectorySeparatorChar,
            _ => '\\',
        };

    public static string[] Parts(string path) => path.Split(separators, StringSplitOptions.RemoveEmptyEntries);

    public static string Combine(string left, string right)
    {
        Assert.False(IsRooted(right), "Second path must not be rooted");
        return string.IsNullOrWhiteSpace(right) ? left
            : string.IsNullOrWhiteSpace(left) ? right
            : $"{left}{SeparatorOf(left)}{right}";
    }

    /// <summary>One separator between parts, none at the end, no dots but leading <c>..</c> of a relative path.</summary>
    public static string Normalize(string path, char? separator = null)
    {
        var root = Root(path) ?? "";
        var parts = new List<string>();
        foreach (var part in Parts(path[root.Length..]))
        {
            if (part == ".")
                continue;
            if (part != ".." || (parts.Count == 0 && root.Length == 0) || parts is [.., ".."])
            {
                parts.Add(part);
                continue;
            }
            Assert.True(parts.Count > 0, $"Cannot normalize '{path}' beyond path root");
            parts.RemoveAt(parts.Count - 1);
        }
        var character = separator ?? SeparatorOf(path);
        var tail = string.Join(character, parts);
        return root is "" or "/" ? root + tail : $"{root}{character}{tail}";
    }

    public static string Relative(string from, string to)
    {
        var separator = SeparatorOf(from);
        Assert.True(separator == SeparatorOf(to), "Separators do not match");
        Assert.True(separator == '/' || string.Equals(Root(from), Root(to), StringComparison.OrdinalIgnoreCase), "Root must be same");
        string[] start = Parts(Normalize(from)),
            end = Parts(Normalize(to));
        var same = start.Zip(end).TakeWhile(x => x.First.Equals(x.Second, StringComparison.OrdinalIgnoreCase)).Count();
        return string.Join(separator, Enumerable.Repeat("..", start.Length - same).Concat(end.Skip(same)));
    }
}
