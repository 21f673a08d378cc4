print("cyclegan")
