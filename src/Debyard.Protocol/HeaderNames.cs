namespace Debyard.Protocol;

/// <summary>Request headers of the upload protocol.</summary>
public static class HeaderNames
{
    /// <summary>SHA-256 of the file, 64 hexadecimal digits. Makes a <c>GET</c> a probe.</summary>
    public const string Sha256 = "X-Sha256";

    /// <summary>SHA-1 of the file, 40 hexadecimal digits. Makes a <c>GET</c> a probe.</summary>
    public const string Sha1 = "X-Sha1";

    /// <summary>MD5 of the file, 32 hexadecimal digits.</summary>
    public const string Md5 = "X-Md5";

    /// <summary>Size of the file in bytes.</summary>
    public const string Size = "X-Size";

    /// <summary>The full git ref that the writer works for, as in <c>CI_COMMIT_REF_NAME</c>.</summary>
    public const string Ref = "X-Debyard-Ref";

    /// <summary>The writer's project path, as in <c>CI_PROJECT_PATH</c>; it becomes an owner of the branch.</summary>
    public const string Project = "X-Debyard-Project";
}
