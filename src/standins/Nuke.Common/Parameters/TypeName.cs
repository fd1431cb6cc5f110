namespace Nuke.Common.Parameters;

/// <summary>Types as C# writes them, for messages.</summary>
static class TypeName
{
    public static string Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Of(underlying)}?";
        if (type.IsArray)
            return $"{Of(type.GetElementType())}[]";
        var keyword = Type.GetTypeCode(type) switch
        {
            _ when type.IsEnum => null,
            TypeCode.Boolean => "bool",
            TypeCode.Byte => "byte",
            TypeCode.Char => "char",
            TypeCode.Decimal => "decimal",
            TypeCode.Double => "double",
            TypeCode.Int16 => "short",
            TypeCode.Int32 => "int",
            TypeCode.Int64 => "long",
            TypeCode.Single => "float",
            TypeCode.String => "string",
            TypeCode.UInt32 => "uint",
            TypeCode.UInt64 => "ulong",
            _ => null,
        };
        return keyword ?? (type.DeclaringType is { } outer ? $"{Of(outer)}.{type.Name}" : type.Name);
    }
}
