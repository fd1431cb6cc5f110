namespace Debyard.Repository.Rpm;

/// <summary>A file that an rpm installs.</summary>
/// <param name="Type"><c>dir</c>, <c>ghost</c>, or null for everything else.</param>
sealed record RpmContent(string Path, string? Type)
{
    const int Ghost = 64; // RPMFILE_GHOST

    /// <summary>
    /// Whether primary.xml lists the file, so that clients resolve dependencies on it without the other documents: what createrepo_c lists.
    /// </summary>
    public bool IsPrimary =>
        Path.StartsWith("/etc/", StringComparison.Ordinal)
        || Path.Contains("bin/", StringComparison.Ordinal)
        || Path == "/usr/lib/sendmail";

    public static IEnumerable<RpmContent> Files(RpmHeader header)
    {
        var (names, folders, indexes) = (
            header.Texts(RpmTag.BaseNames),
            header.Texts(RpmTag.DirectoryNames),
            header.Numbers(RpmTag.DirectoryIndexes)
        );
        var (modes, flags) = (header.Numbers(RpmTag.FileModes), header.Numbers(RpmTag.FileFlags));
        if (indexes.Count < names.Count || modes.Count < names.Count || flags.Count < names.Count)
            throw RpmHeader.Damaged("its header lists files without folder, mode or flags");
        for (var i = 0; i < names.Count; i++)
        {
            if (indexes[i] >= folders.Count)
                throw RpmHeader.Damaged($"its header lists {names[i]} in a folder that it does not list");
            // S_IFMT and S_IFDIR
            var type =
                (flags[i] & Ghost) != 0 ? "ghost"
                : (modes[i] & 0xf000) == 0x4000 ? "dir"
                : null;
            yield return new RpmContent(folders[(int)indexes[i]] + names[i], type);
        }
    }
}
