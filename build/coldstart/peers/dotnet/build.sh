# Sourced by peers.sh: hello and tag in C#, by Native AOT, without anything of FastTrigger. AWSSDK.EC2's version is in its project.
build_dotnet() (
  folder=$peers/dotnet
  export PeerFolder=$folder
  for name in Hello Tag; do
    dotnet publish "build/coldstart/peers/dotnet/$name" -r "$rid" -c Release -p:OutputPath="$folder/bin/$name/" \
      -p:PublishDir="$folder/$name/" -p:CppCompilerAndLinker="$linker" -p:ObjCopyName="$objcopy" -v quiet --nologo
  done
)

versions_of_dotnet() {
  version ".NET SDK" "$(dotnet --version)"
  version ".NET runtime" "$(cd "$peers/dotnet/obj/Tag" && sed -n 's/.*ilcompiler\/\([0-9.]*\).*/\1/p' project.assets.json | head -1)"
  version AWSSDK.EC2 "$(sed -n 's/.*"AWSSDK.EC2".*Version="\([^"]*\)".*/\1/p' build/coldstart/peers/dotnet/Tag/Tag.csproj)"
}

candidates_of_dotnet() {
  hello ".NET Native AOT, HttpClient" artifacts/coldstart-peers/dotnet/Hello/Hello
  tag ".NET Native AOT, AWSSDK.EC2" artifacts/coldstart-peers/dotnet/Tag/Tag
}
