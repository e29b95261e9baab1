package dev.safefs.linux;

import java.io.IOException;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipal;

/** The view {@code owner} of an open object. */
record OwnerView(HandleViews views) implements FileOwnerAttributeView {
  @Override
  public String name() {
    return "owner";
  }

  @Override
  public UserPrincipal getOwner() throws IOException {
    return views.read(
        FileOwnerAttributeView.class, FileOwnerAttributeView::getOwner, HeldAttributes::owner);
  }

  @Override
  public void setOwner(UserPrincipal owner) throws IOException {
    views.setOwner(owner);
  }
}
