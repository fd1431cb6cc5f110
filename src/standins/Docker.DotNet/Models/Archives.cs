namespace Docker.DotNet.Models;

public class GetArchiveFromContainerParameters
{
    public string Path { get; set; }
}

public class GetArchiveFromContainerResponse
{
    public ContainerPathStatResponse Stat { get; set; }

    public Stream Stream { get; set; }
}

public class ContainerPathStatParameters
{
    public string Path { get; set; }

    /// <summary>True forbids it: the engine's name for this is <c>noOverwriteDirNonDir</c>.</summary>
    public bool? AllowOverwriteDirWithFile { get; set; }
}

public class ContainerPathStatResponse
{
    public string Name { get; set; }

    public long Size { get; set; }

    /// <summary>Go's file mode: permissions in the low nine bits, bit 31 for a folder.</summary>
    public uint Mode { get; set; }

    public DateTime Mtime { get; set; }

    public string LinkTarget { get; set; }
}
